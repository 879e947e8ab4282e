import { readdirSync, readFileSync } from 'node:fs'
import js from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import { importX } from 'eslint-plugin-import-x'
import hooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

// Each layer knows the ones before it.
const LAYERS = ['lib', 'api', 'texts', 'ui', 'parts', 'pages']
const KNOWS_ALL_BEFORE = ['parts', 'pages']
const KNOWS = { lib: [], api: ['lib'], texts: ['lib', 'api'], ui: ['lib'] }

const forbid = (folder, names, message) => ({
  files: [`src/${folder}/**`],
  ignores: ['**/*.test.*'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: `^(\\.\\./)+(${names.join('|')})(/|$)`, message }] }],
  },
})

const layers = LAYERS.filter((layer) => layer !== 'pages').map((layer) => {
  const known = KNOWS_ALL_BEFORE.includes(layer) ? LAYERS.slice(0, LAYERS.indexOf(layer)) : KNOWS[layer]
  const others = LAYERS.filter((other) => other !== layer && !known.includes(other))
  return forbid(layer, others, `${layer} knows ${known.join(', ') || 'nothing else'} (ARCHITECTURE.md)`)
})

const names = readdirSync(`${import.meta.dirname}/src/pages`)
const pages = names.map((page) => {
  const others = names.filter((other) => other !== page)
  return forbid(`pages/${page}`, others, 'No page imports another: what several pages share belongs to parts.')
})

// The list of the whole repository: `xtask lint` holds what the server says against it.
const BANNED = JSON.parse(readFileSync(`${import.meta.dirname}/../docs/banned-phrases.json`, 'utf8'))
const wording = Object.entries(BANNED).map(([language, phrases]) => ({
  files: [`src/texts/${language}/*`],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...Object.entries(phrases).map(([phrase, instead]) => ({
        selector: `Literal[value=/(?<![\\w-])${phrase}/i]`,
        message: `“${phrase}”: ${instead} (docs/banned-phrases.json)`,
      })),
    ],
  },
}))

export default ts.config(
  { ignores: ['dist', 'src/api/generated', 'screenshots'] },
  js.configs.recommended,
  ...ts.configs.strict,
  hooks.configs.flat['recommended-latest'],
  ...layers,
  ...pages,
  {
    files: ['src/**'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    rules: { 'import-x/no-cycle': ['error', { ignoreExternal: true }] },
  },
  {
    rules: {
      'max-lines': ['error', { max: 400 }],
      eqeqeq: 'error',
      // The compiler of React is not used.
      'react-hooks/incompatible-library': 'off',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text is text: nothing is ever set as HTML.',
        },
      ],
    },
  },
  ...wording,
  {
    files: ['e2e/**', 'scripts/**'],
    rules: { 'no-console': 'off' },
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
)
