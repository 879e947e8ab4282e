import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { type Plugin, defineConfig } from 'vite'

// Every address in the build is relative, so that the server can put the console under any path prefix.
export default defineConfig({
  base: './',
  plugins: [react(), compressed()],
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    // One style sheet: a part that is fetched later is never without its looks.
    cssCodeSplit: false,
    // Nothing is inlined as data: the content security policy stays short and files are cached for good.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    // What ten parts or more have in common is one file: each by itself, a page would need a hundred, and they would weigh more.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'common', minShareCount: 10 }] } } },
  },
  server: { proxy: { '/api': process.env.PORTCULLIS_SERVER ?? 'http://127.0.0.1:8080' } },
})

/** Writes a compressed twin beside every text, as small as it gets; the server sends it as it is. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const name of readdirSync(join(dir, 'assets'))) {
        if (!/\.(js|css|svg)$/.test(name)) continue
        const path = join(dir, 'assets', name)
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }))
      }
    },
  }
}
