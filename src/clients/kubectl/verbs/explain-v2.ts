import { structSchema, typeName, type FieldSchema, type TypeSchema } from '../../../runtime-model/api/schema.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { apiVersionOf } from '../kinds.ts'
import { fieldText, inner, locate, scalars, typeKey, type Descriptions } from './explain.ts'

const widest = 75
/** lines of a paragraph below five spaces; a longer word stands alone */
function set(paragraph: string): string {
  return paragraph.split('\n').map(line => {
    const lines: string[] = []
    for (const word of line.trim().split(/ +/)) {
      const last = lines.at(-1)
      if (last !== undefined && last.length + 1 + word.length <= widest) lines[lines.length - 1] = `${last} ${word}`
      else lines.push(word)
    }
    return lines.map(l => l === '' ? '\n' : `     ${l}\n`).join('')
  }).join('')
}
/** what has a form of its own only since later documents is a text here */
/** What the older documents call an object without fields is a map of nothing said; what may be anything has no type there. */
const isMapOfAnything = (owner: string, field: FieldSchema): boolean => ['RawExtension', 'FieldsV1'].includes(typeKey(owner, field))
const fieldType = (owner: string, field: FieldSchema): string => isMapOfAnything(owner, field) ? 'map[string]' : typeText(field.type)
function typeText(type: TypeSchema): string {
  if (type.is === 'list') return `[]${typeText(type.items)}`
  if (type.is === 'map') return `map[string]${typeText(type.values)}`
  if (type.is === 'scalar' && type.name === 'any') return ''
  if (type.is === 'struct') return 'Object'
  return type.name === 'quantity' || type.name === 'intstr' ? 'string' : scalars[type.name]
}

/** `explain --output=plaintext-openapiv2`: the page as it was before. Source: kubectl pkg/explain/{explain,model_printer,fields_printer,formatter}.go. */
export function explainV2(said: Descriptions, kind: KindDefinition, path: readonly string[], recursive: boolean): string {
  const { owner, field } = locate(kind, path), type = field ? inner(field.type) : { is: 'struct', name: typeName(kind.group, kind.version, kind.kind) } as const
  const head = `KIND:     ${kind.kind}\nVERSION:  ${apiVersionOf(kind)}\n\n`, own = field ? fieldText(said, owner, field) : ''
  const bare = field !== undefined && isMapOfAnything(owner, field)
  const title = field && !bare ? `${type.is === 'struct' ? 'RESOURCE: ' : 'FIELD:    '}${field.name} <${fieldType(owner, field)}>\n\n` : ''
  const ofType = said[field ? typeKey(owner, field) : (type as { readonly name: string }).name]?.['']
  // of a map its type is described for itself once more
  const about = [...[own, ofType].filter((t, i, all) => t && all.indexOf(t) === i), ...bare ? [ofType] : []]
  const description = `DESCRIPTION:\n${about.length ? about.map(t => set(t!)).join('\n') : '     <empty>\n'}`
  return `${head}${title}${description}${type.is === 'struct' ? `\nFIELDS:\n${fields(said, type.name, 1, recursive, [])}` : ''}`
}
function fields(said: Descriptions, owner: string, level: number, recursive: boolean, above: readonly string[]): string {
  return [...structSchema(owner)?.fields ?? []].sort((a, b) => a.name < b.name ? -1 : 1).map((field: FieldSchema) => {
    const line = `${'   '.repeat(level)}${field.name}\t<${fieldType(owner, field)}>${field.required && !recursive ? ' -required-' : ''}\n`
    const target = inner(field.type)
    if (!recursive) return `${line}${set(fieldText(said, owner, field) || '<no description>')}\n`
    return line + (target.is === 'struct' && !above.includes(target.name) ? fields(said, target.name, level + 1, true, [...above, target.name]) : '')
  }).join('')
}
