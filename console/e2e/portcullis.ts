import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'

/** The database of a server, in its directory. */
const DATABASE = 'portcullis.sqlite'

/** The real binary on a directory of its own; it can be stopped and started again at the same address. */
export class Portcullis {
  /** What it has printed since its start. */
  output = ''
  private process: ChildProcess | undefined

  private constructor(
    readonly base: string,
    private readonly directory: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts one. Without a public address it is asked for development mode, with a mailbox and, on an empty database, the demo account. */
  static async start(directory: string, settings: (base: string) => Record<string, string> = () => ({})) {
    const base = `http://localhost:${await freePort()}`
    const server = new Portcullis(base, directory, settings(base))
    await server.start()
    return server
  }

  async start() {
    if (this.isRunning) return
    const server = spawn(binary(), 'PORTCULLIS__SERVER__PUBLIC_URL' in this.settings ? [] : ['--dev'], {
      cwd: this.directory,
      env: {
        ...environment(this.directory),
        PORTCULLIS__SERVER__LISTEN: new URL(this.base).host.replace('localhost', '127.0.0.1'),
        PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE: '100000',
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process = server
    this.output = ''
    server.stdout.on('data', (text) => (this.output += text))
    server.stderr.on('data', (text) => (this.output += text))
    process.on('exit', this.kill)
    while (!(await isReady(this.base))) {
      if (server.exitCode !== null) throw new Error(`the server ended: ${this.output}`)
      await new Promise((later) => setTimeout(later, 50))
    }
  }

  async stop() {
    if (!this.process || !this.isRunning) return
    const ended = new Promise((done) => this.process?.once('exit', done))
    this.process.kill('SIGTERM')
    await ended
    process.off('exit', this.kill)
  }

  /** Runs a command of the binary on the same database, beside the server. */
  run = (...command: string[]) => run(this.directory, ...command)

  /** Writes other bytes over some in the database while the server stands still, as somebody with its disk could. */
  forge(bytes: string, others: string) {
    if (this.isRunning || bytes.length !== others.length) throw new Error('forges a file at rest, byte for byte')
    const path = join(this.directory, DATABASE)
    // Latin-1 keeps every byte as it is.
    const file = readFileSync(path, 'latin1')
    if (!file.includes(bytes)) throw new Error(`${bytes} is not in the database`)
    writeFileSync(path, file.replaceAll(bytes, others), 'latin1')
  }

  /** What somebody with the disk finds in the database while the server stands still. */
  find(pattern: RegExp): string {
    const found = readFileSync(join(this.directory, DATABASE), 'latin1').match(pattern)?.[0]
    if (this.isRunning || !found) throw new Error(`looks for ${pattern} in a file at rest`)
    return found
  }

  private get isRunning() {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null
  }

  private readonly kill = () => void this.process?.kill('SIGKILL')
}

/** Runs one command of the binary to its end, on a database of the development mode. */
export function run(directory: string, ...command: string[]): Promise<void> {
  const process = spawn(binary(), ['--dev', ...command], {
    cwd: directory,
    env: environment(directory),
    stdio: 'ignore',
  })
  return new Promise((done, failed) =>
    process.once('exit', (code) => (code === 0 ? done() : failed(new Error(`${command.join(' ')}: ${code}`)))),
  )
}

const environment = (directory: string) => ({
  PATH: process.env.PATH,
  PORTCULLIS__DATABASE__PATH: join(directory, DATABASE),
})

function binary(): string {
  const target = process.env.CARGO_TARGET_DIR ?? resolve('../target')
  const path = process.env.PORTCULLIS_BINARY ?? join(target, 'debug/portcullis')
  if (!existsSync(path)) throw new Error(`there is no ${path}: build it with cargo build -p portcullis`)
  return path
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const isReady = (base: string) =>
  fetch(`${base}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
