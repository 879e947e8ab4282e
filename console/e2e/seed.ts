import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { Portcullis } from './portcullis'

declare module 'vitest' {
  interface ProvidedContext {
    /** A directory with a seeded database, to be copied. */
    seed: string
  }
}

/** Makes the demo account once; every file of stories begins with a copy of it, so that none depends on another. */
export default async function seed(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-seed-'))
  const server = await Portcullis.start(directory)
  await server.stop()
  project.provide('seed', directory)
  return () => rmSync(directory, { recursive: true, force: true })
}
