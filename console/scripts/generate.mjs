// Makes the types of the API, the table of what each operation needs, and the lists that pages show from ../openapi.json.
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
// What a number of the settings may be, as the server says it.
const ranges = Object.entries(description.components.schemas.AccountSettingsPatch.properties)
  .flatMap(([part, { properties }]) => Object.entries(properties).map(([name, field]) => [`${part}/${name}`, field]))
  .filter(([, { minimum, maximum }]) => minimum !== undefined && maximum !== undefined)
  .map(([name, { minimum, maximum }]) => [name, { minimum, maximum }])

const limits = `/** The least and the most that a setting may be: \`minimum\` and \`maximum\` of the API description. */
export const limits: Record<string, { minimum: number; maximum: number } | undefined> = ${JSON.stringify(Object.fromEntries(ranges), null, 2)}
`
const actions = `/** What the activity log can say happened: the words that the API description has for it. */
export const actions = ${JSON.stringify(description.components.schemas.Action.enum, null, 2)} as const
`
await mkdir(target, { recursive: true })
await writeFile(new URL('schema.d.ts', target), astToString(await openapiTS(description)))
await writeFile(new URL('needs.ts', target), table)
await writeFile(new URL('limits.ts', target), limits)
await writeFile(new URL('actions.ts', target), actions)
