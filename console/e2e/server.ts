import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    base: string
  }
}

/** Starts the real binary in development mode on a database of its own, with the demo account and the mailbox. */
export default async function start(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-stories-'))
  const port = await freePort()
  const base = `http://localhost:${port}`
  const server = spawn(binary(), [], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      PORTCULLIS__SERVER__LISTEN: `127.0.0.1:${port}`,
      PORTCULLIS__DATABASE__PATH: join(directory, 'portcullis.sqlite'),
      PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE: '100000',
    },
    stdio: ['ignore', process.env.STORIES_LOG ? 'inherit' : 'ignore', process.env.STORIES_LOG ? 'inherit' : 'pipe'],
  })
  await ready(base, server)
  project.provide('base', base)
  return async () => {
    server.kill('SIGTERM')
    await new Promise((done) => server.once('exit', done))
    rmSync(directory, { recursive: true, force: true })
  }
}

function binary(): string {
  const target = process.env.CARGO_TARGET_DIR ?? resolve('../target')
  const path = process.env.PORTCULLIS_BINARY ?? join(target, 'debug/portcullis')
  if (!existsSync(path)) throw new Error(`there is no ${path}: build it with cargo build -p portcullis`)
  return path
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(base: string, server: ChildProcess) {
  let complaints = ''
  server.stderr?.on('data', (text) => (complaints += text))
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${complaints}`)
    const isReady = await fetch(`${base}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((later) => setTimeout(later, 200))
  }
  throw new Error(`the server did not become ready: ${complaints}`)
}
