import { structSchema, typeName, type FieldSchema, type TypeSchema } from '../../../runtime-model/api/schema.ts'
import { registry } from '../../../runtime-model/kinds/index.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { bare, connection, failure } from '../errors.ts'
import { bool, text } from '../flags.ts'
import { apiVersionOf, findKind, groupVersion } from '../kinds.ts'
import type { Session } from '../session.ts'
import type { Verb } from '../verb.ts'
import { explainCustom } from './explain-custom.ts'

/** Tells what fields there are. Sources: kubectl pkg/explain/v2 (template, wrap), pkg/cmd/explain. */
export const explain: Verb = {
  flags: { recursive: bool(), 'api-version': text(), output: text('o', 'plaintext') },
  async run(session, flags) {
    if (flags.args.length !== 1) throw failure(flags.args.length === 0 ? 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.' : `We accept only this format: explain RESOURCE`)
    const [word, ...path] = flags.args[0].split('.'), kind = kindFor(session, word, flags.text('api-version'))
    const reachable = await session.ask({ verb: 'get', path: '/apis' })
    if (reachable.code === 0) throw bare(connection(reachable.failure))
    const { descriptionsText } = await import('../generated/descriptions.ts')
    const said = JSON.parse(descriptionsText) as Descriptions
    header(session, kind)
    if (!registry.byGroupKind(kind.group, kind.kind)) { session.stdout += await explainCustom(session, kind, path, flags.on('recursive'), { wrap, indent }); return }
    const found = locate(kind, path)
    if (found.field) session.stdout += fieldHead(found.field)
    const type = found.field ? inner(found.field.type) : ({ is: 'struct', name: typeName(kind.group, kind.version, kind.kind) } as const)
    const own = found.field ? fieldText(said, found.owner, found.field) : '', about = [own, type.is === 'struct' ? said[type.name]?.[''] : undefined].filter((t, i, all) => t && all.indexOf(t) === i).join('\n')
    session.stdout += about ? `DESCRIPTION:\n${indent(wrap(about))}\n    \n` : 'DESCRIPTION:\n    <empty>\n'
    if (type.is === 'struct') session.stdout += `FIELDS:\n${fields(said, type.name, 1, flags.on('recursive'), [])}`
    session.stdout += '\n'
  },
}
type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

function kindFor(session: Session, word: string, apiVersion: string): KindDefinition {
  const kind = findKind(word, session.kinds)
  if (!kind) throw bare(`the server doesn't have a resource type ${JSON.stringify(word)}`)
  if (!apiVersion) return kind
  const { group, version } = groupVersion(apiVersion), asked = session.kinds.all.find(k => k.kind === kind.kind && k.group === group && k.version === version)
  if (!asked) throw failure(`couldn't find resource for "${group}/${version}, Resource=${kind.resource}"`)
  return asked
}
function header(session: Session, kind: KindDefinition): void {
  session.stdout += `${kind.group ? `GROUP:      ${kind.group}\n` : ''}KIND:       ${kind.kind}\nVERSION:    ${apiVersionOf(kind).split('/').at(-1)}\n\n`
}
/** Follows a path through lists and maps. */
function locate(kind: KindDefinition, path: readonly string[]): { readonly owner: string; readonly field?: FieldSchema } {
  let owner = typeName(kind.group, kind.version, kind.kind), field: FieldSchema | undefined
  for (const step of path) {
    const type = field ? inner(field.type) : ({ is: 'struct', name: owner } as const), next = type.is === 'struct' ? structSchema(type.name)?.byName.get(step) : undefined
    if (!next) throw failure(`field ${JSON.stringify(step)} does not exist`)
    owner = (type as { name: string }).name
    field = next
  }
  return { owner, field }
}
const inner = (type: TypeSchema): TypeSchema => type.is === 'list' ? inner(type.items) : type.is === 'map' ? inner(type.values) : type

const scalars: Readonly<Record<string, string>> = { string: 'string', bool: 'boolean', int32: 'integer', int64: 'integer', float64: 'number', quantity: 'Quantity', intstr: 'IntOrString', time: 'Time', microtime: 'MicroTime', bytes: 'string', any: 'Object' }
function typeText(type: TypeSchema): string {
  if (type.is === 'list') return `[]${typeText(type.items)}`
  if (type.is === 'map') return `map[string]${typeText(type.values)}`
  return type.is === 'struct' ? type.name.slice(type.name.lastIndexOf('.') + 1) : scalars[type.name]
}
const fieldHead = (field: FieldSchema): string => `FIELD: ${field.name} <${typeText(field.type)}>\n${field.enum?.length ? `ENUM:\n${[...field.enum].sort().map(v => `    ${v}\n`).join('')}` : '\n'}\n`

/** What a field says of itself; the values that it may have are listed as the API server does. */
function fieldText(said: Descriptions, owner: string, { name, type, enum: values }: FieldSchema): string {
  const target = inner(type), own = said[owner]?.[name] ?? (target.is === 'struct' ? said[target.name]?.[''] : undefined) ?? ''
  return values?.length && !own.includes('Possible enum values') ? `${own}\n\nPossible enum values:\n${[...values].sort().map(v => ` - \`${JSON.stringify(v)}\``).join('\n')}` : own
}
function fields(said: Descriptions, owner: string, level: number, recursive: boolean, above: readonly string[]): string {
  let out = ''
  for (const field of [...structSchema(owner)?.fields ?? []].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const head = `${'  '.repeat(level)}${field.name}\t<${typeText(field.type)}>${field.required ? ' -required-' : ''}\n`
    const values = field.enum?.length ? `${'  '.repeat(level)}enum: ${[...field.enum].sort().slice(0, 4).join(', ')}${field.enum.length > 4 ? ', ....' : ''}\n` : ''
    if (!recursive) { out += `${head}${values}${indent(wrap(fieldText(said, owner, field) || '<no description>'))}\n\n`; continue }
    const target = inner(field.type)
    out += head + values + (target.is === 'struct' && !above.includes(target.name) ? fields(said, target.name, level + 1, true, [...above, target.name]) : '')
  }
  return out
}

const width = 76
const indent = (paragraph: string): string => paragraph.split('\n').map(l => `    ${l}`).join('\n')
/** Breaks lines at spaces; a longer word stands alone. Source: github.com/mitchellh/go-wordwrap. */
export function wrap(paragraph: string): string {
  return paragraph.split('\n').map(line => {
    let out = '', current = 0
    for (const [, space, word] of line.matchAll(/(\s*)(\S*)/g)) {
      if (word === '' && space === '') continue
      if (current + space.length + word.length > width && word !== '' && (current > 0)) { out += `\n${word}`; current = word.length } else { out += space + word; current += space.length + word.length }
    }
    return out.trimEnd()
  }).join('\n')
}
