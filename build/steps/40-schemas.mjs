// JSON Schemas of our own files → validators as plain modules: compiling a schema at start-up costs more than a run.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'

const schemas = [
  ['src/runner/checklist.schema.json', 'src/runner/generated/validate-checklist.js'],
  ['src/config/config.schema.json', 'src/config/generated/validate-config.js'],
]
/** what editors read */
const published = [['src/config/config.schema.json', 'dist/config.schema.json'], ['src/runner/checklist.schema.json', 'dist/checklist.schema.json']]

export default async function schemasStep(root) {
  for (const [from, to] of schemas) {
    const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, code: { source: true, esm: true } })
    const validate = ajv.compile(JSON.parse(readFileSync(join(root, from), 'utf8')))
    mkdirSync(join(root, to, '..'), { recursive: true })
    const code = standalone.default(ajv, validate)
    if (/\brequire\(/.test(code)) throw new Error(`${from}: uses a keyword that needs ajv at run time`)
    writeFileSync(join(root, to), `// Generated from ${from}; never edited.\n${code}\n`)
  }
  mkdirSync(join(root, 'dist'), { recursive: true })
  for (const [from, to] of published) copyFileSync(join(root, from), join(root, to))
}
