import { structSchema, typeName, type FieldSchema, type TypeSchema } from '../../../runtime-model/api/schema.ts'
import { registry } from '../../../runtime-model/kinds/index.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { bare, connection, failure, type Exit } from '../errors.ts'
import { bool, text } from '../flags.ts'
import { apiVersionOf, findKind, groupVersion } from '../kinds.ts'
import type { Session } from '../session.ts'
import type { Verb } from '../verb.ts'
import { explainCustom } from './explain-custom.ts'

/** Tells what fields there are. Sources: kubectl pkg/explain/v2 (template, wrap), pkg/cmd/explain. */
export const explain: Verb = {
  flags: { recursive: bool(), 'api-version': text(), output: text('o', 'plaintext') },
  async run(session, flags) {
    if (flags.args.length !== 1) {
      throw failure(
        flags.args.length === 0
          ? 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'
          : `We accept only this format: explain RESOURCE`
      )
    }
    const format = flags.text('output'), before = format === 'plaintext-openapiv2'
    if (!before && format !== 'plaintext') throw failure(`unrecognized format: ${format}`)
    const { word, path } = split(session, stepsOf(flags.args[0])), kind = kindFor(session, word, flags.text('api-version'))
    const reachable = await session.ask({ verb: 'get', path: '/apis' })
    if (reachable.code === 0) throw bare(connection(reachable.failure))
    const { descriptionsText } = await import('../../../runtime-model/api/generated/descriptions.ts')
    const said = JSON.parse(descriptionsText) as Descriptions
    if (before) {
      if (!registry.byGroupKind(kind.group, kind.kind)) throw new NotModelled('kubectl explain --output=plaintext-openapiv2 of a kind that a definition makes')
      session.stdout += (await import('./explain-v2.ts')).explainV2(said, kind, path, flags.on('recursive'))
      return
    }
    header(session, kind)
    if (!registry.byGroupKind(kind.group, kind.kind)) {
      session.stdout += await explainCustom(session, kind, path, flags.on('recursive'), { wrap, indent, noSuchField })
      return
    }
    const found = locate(kind, path)
    if (found.field) session.stdout += fieldHead(found.owner, found.field)
    const type = found.field ? inner(found.field.type) : ({ is: 'struct', name: typeName(kind.group, kind.version, kind.kind) } as const)
    const own = found.field ? fieldText(said, found.owner, found.field) : ''
    const about = [own, said[found.field ? typeKey(found.owner, found.field) : (type as { name: string }).name]?.['']].filter(
      (t, i, all) => t && all.indexOf(t) === i
    ).join('\n')
    session.stdout += about ? `DESCRIPTION:\n${indent(wrap(about))}\n    \n` : 'DESCRIPTION:\n    <empty>\n'
    if (type.is === 'struct') session.stdout += `FIELDS:\n${fields(said, type.name, 1, flags.on('recursive'), [])}`
    session.stdout += '\n'
  },
}
/** A path is read as a JSONPath of which only fields are wanted. Source: kubectl pkg/explain/explain.go (SplitAndParseResourceRequest). */
function stepsOf(argument: string): readonly string[] {
  if (/\[[^\]]*$/.test(argument)) throw failure('unterminated array')
  const odd = /\.([^\w.\-[\] /])/.exec(argument)?.[1]
  if (odd !== undefined) {
    throw failure(`unrecognized character in action: U+${odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${odd}'`)
  }
  const steps = argument.split('.').filter(Boolean)
  if (steps.length === 0) throw failure('a resource must be present, got: /, Resource=')
  // two dots are looked for below the kind alone
  if (/[[ ]|^\./.test(argument) || argument.slice(steps[0].length + 1).includes('..')) throw failure('invalid jsonpath syntax, first node must be field node')
  return steps
}
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * The longest beginning that is a kind (`deployments.apps`) is the kind, the rest are fields. Source: kubectl pkg/explain/explain.go
 * (SplitAndParseResourceRequestWithMatchingPrefix).
 */
function split(session: Session, steps: readonly string[]): { readonly word: string; readonly path: readonly string[] } {
  for (let n = steps.length; n > 1; n--) {
    const word = steps.slice(0, n).join('.'), kind = findKind(word, session.kinds)
    // a resource and its group: a version does not stand between them
    if (kind?.group === steps.slice(1, n).join('.')) return { word, path: steps.slice(n) }
  }
  return { word: steps[0], path: steps.slice(1) }
}

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
/** Follows a path through lists and maps. One that breaks off is told by its last field, wherever that is. Source: kubectl pkg/explain/v2 (funcs.go). */
export function locate(kind: KindDefinition, path: readonly string[]): { readonly owner: string; readonly field?: FieldSchema } {
  let owner = typeName(kind.group, kind.version, kind.kind), field: FieldSchema | undefined
  for (const step of path) {
    const type = field ? inner(field.type) : ({ is: 'struct', name: owner } as const)
    const next = type.is === 'struct' ? structSchema(type.name)?.byName.get(step) : undefined
    if (!next) throw noSuchField(path)
    owner = (type as { name: string }).name
    field = next
  }
  return { owner, field }
}
export const noSuchField = (path: readonly string[]): Exit => failure(`field ${JSON.stringify(path.at(-1))} does not exist`)
export const inner = (type: TypeSchema): TypeSchema => type.is === 'list' ? inner(type.items) : type.is === 'map' ? inner(type.values) : type

export const scalars: Readonly<Record<string, string>> = {
  string: 'string', bool: 'boolean', int32: 'integer', int64: 'integer', float64: 'number', quantity: 'Quantity', intstr: 'IntOrString', time: 'string',
  microtime: 'string', bytes: 'string', any: 'Object',
}
/** Fields whose value has no form of its own, but a type with a name. Source: the OpenAPI documents. */
const free: Readonly<Record<string, string>> = {
  'apiextensions.v1.JSONSchemaProps.default': 'JSON', 'apiextensions.v1.JSONSchemaProps.enum': 'JSON', 'apiextensions.v1.JSONSchemaProps.example': 'JSON',
  'apiextensions.v1.JSONSchemaProps.items': 'JSONSchemaPropsOrArray',
  'apiextensions.v1.JSONSchemaProps.additionalProperties': 'JSONSchemaPropsOrBool', 'apiextensions.v1.JSONSchemaProps.additionalItems': 'JSONSchemaPropsOrBool',
  'apiextensions.v1.JSONSchemaProps.dependencies': 'JSONSchemaPropsOrStringArray',
  'apps.v1.ControllerRevision.data': 'RawExtension', 'meta.v1.ManagedFieldsEntry.fieldsV1': 'FieldsV1',
  'resource.v1.AllocatedDeviceStatus.data': 'RawExtension', 'resource.v1.OpaqueDeviceConfiguration.parameters': 'RawExtension',
}
/** Under which name the descriptions have the type of a field. */
export const typeKey = (owner: string, { name, type }: FieldSchema): string => free[`${owner}.${name}`] ?? (inner(type) as { readonly name: string }).name
function typeText(type: TypeSchema, named: string | undefined): string {
  if (type.is === 'list') return `[]${typeText(type.items, named)}`
  if (type.is === 'map') return `map[string]${typeText(type.values, named)}`
  return named ?? (type.is === 'struct' ? type.name.slice(type.name.lastIndexOf('.') + 1) : scalars[type.name])
}
const shown = (value: string): string => value === '' ? '""' : value
const fieldHead = (owner: string, field: FieldSchema): string =>
  `FIELD: ${field.name} <${typeText(field.type, free[`${owner}.${field.name}`])}>\n${field.enum?.length ? `ENUM:\n${[...field.enum].sort().map(v => `    ${shown(v)}\n`).join('')}` : '\n'}\n`

/** What a field says of itself; the values that it may have are listed as the API server does. */
export function fieldText(said: Descriptions, owner: string, { name, type, enum: values }: FieldSchema): string {
  const target = inner(type), own = said[owner]?.[name] ?? (target.is === 'struct' ? said[target.name]?.[''] : undefined) ?? ''
  return values?.length && !own.includes('Possible enum values')
    ? `${own}\n\nPossible enum values:\n${[...values].sort().map(v => ` - \`${JSON.stringify(v)}\``).join('\n')}`
    : own
}
function fields(said: Descriptions, owner: string, level: number, recursive: boolean, above: readonly string[]): string {
  let out = ''
  for (const field of [...structSchema(owner)?.fields ?? []].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const head = `${'  '.repeat(level)}${field.name}\t<${typeText(field.type, free[`${owner}.${field.name}`])}>${field.required ? ' -required-' : ''}\n`
    const values = field.enum?.length
      ? `${'  '.repeat(level)}enum: ${[...field.enum].sort().slice(0, 4).map(shown).join(', ')}${field.enum.length > 4 ? ', ....' : ''}\n`
      : ''
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
      if (current + space.length + word.length > width && word !== '' && (current > 0)) {
        out += `\n${word}`
        current = word.length
      } else { out += space + word; current += space.length + word.length }
    }
    return out.trimEnd()
  }).join('\n')
}
