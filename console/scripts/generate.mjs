// Makes the types of the API and the table of what each operation needs from ../openapi.json.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../openapi.json', import.meta.url)
const target = new URL('../src/api/generated/', import.meta.url)

const description = JSON.parse(await readFile(source, 'utf8'))
const needs = Object.values(description.paths)
  .flatMap((methods) => Object.values(methods))
  .filter((operation) => operation.operationId)
  .map((operation) => [operation.operationId, operation['x-permission'] ?? { scope: 'public' }])
  .sort(([a], [b]) => a.localeCompare(b))

const table = `import type { Need } from '../need'

/** What each operation needs of its caller: the \`x-permission\` of the API description. */
export const needs = ${JSON.stringify(Object.fromEntries(needs), null, 2)} satisfies Record<string, Need>
`
await mkdir(target, { recursive: true })
await writeFile(new URL('schema.d.ts', target), astToString(await openapiTS(description)))
await writeFile(new URL('needs.ts', target), table)
