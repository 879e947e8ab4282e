// Weighs the JavaScript that a first page asks for, as it travels: compressed.
import { readFileSync } from 'node:fs'

// The sign-in page is far below it; the users page carries the texts of all pages.
const BUDGET = 240 * 1024
const manifest = JSON.parse(readFileSync('dist/manifest.json', 'utf8'))

/** The files that an entry of the manifest needs before anything can be seen. */
function filesOf(keys) {
  const files = new Set()
  const walk = (key) => {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(walk)
  }
  keys.forEach(walk)
  return [...files]
}

const weigh = (keys) => filesOf(keys).reduce((sum, file) => sum + readFileSync(`dist/${file}.br`).length, 0)
const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`

const signIn = weigh(['index.html', 'src/pages/sign_in/SignInPage.tsx'])
const users = weigh(['index.html', 'src/parts/shell/Shell.tsx', 'src/pages/users/UsersPage.tsx'])
console.log(
  `console: JavaScript of the sign-in page ${kib(signIn)}, of the users page ${kib(users)}; at most ${kib(BUDGET)}`,
)
if (Math.max(signIn, users) > BUDGET) process.exit(1)
