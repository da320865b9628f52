import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { failure, type Exit } from '../errors.ts'
import type { Session } from '../session.ts'

/** `kubectl explain` of a custom resource, from the OpenAPI document of its group. Source: kubectl pkg/explain/v2/templates/plaintext.tmpl. */
export async function explainCustom(
  session: Session, kind: KindDefinition, path: readonly string[], recursive: boolean,
  { wrap, indent, noSuchField }: {
    readonly wrap: (text: string) => string; readonly indent: (text: string) => string; readonly noSuchField: (path: readonly string[]) => Exit
  }
): Promise<string> {
  const document = await session.send({ verb: 'get', path: `/openapi/v3/apis/${kind.group}/${kind.version}` })
  const root = Object.values<any>(document.components.schemas).find(s => s['x-kubernetes-group-version-kind']?.some((g: any) => g.kind === kind.kind))
  if (!root) throw failure(`couldn't find resource for "${kind.group}/${kind.version}, Kind=${kind.kind}"`)
  let schema = root, head = ''
  for (const step of path) {
    const next = inner(schema).properties?.[step]
    if (!next) throw noSuchField(path)
    schema = next
    head = `FIELD: ${step} <${typeText(next)}>\n${next.enum?.length ? `ENUM:\n${next.enum.map((v: any) => `    ${v}\n`).join('')}` : '\n'}\n`
  }
  const about = [...new Set([schema.description, inner(schema) === schema ? undefined : inner(schema).description].filter(Boolean))].join('\n')
  const fields = inner(schema).properties ? `FIELDS:\n${fieldLines(inner(schema), 1, recursive, text => indent(wrap(text)))}` : ''
  return `${head}DESCRIPTION:\n${about ? `${indent(wrap(about))}\n    \n` : '    <empty>\n'}${fields}\n`
}

const inner = (schema: any): any =>
  schema.items ? inner(schema.items) : typeof schema.additionalProperties === 'object' ? inner(schema.additionalProperties) : schema
function typeText(schema: any): string {
  if (schema.allOf?.[0]?.$ref) return schema.allOf[0].$ref.split('.').at(-1)
  if (schema.type === 'array') return `[]${typeText(schema.items ?? {})}`
  if (typeof schema.additionalProperties === 'object') return `map[string]${typeText(schema.additionalProperties)}`
  return schema.type === 'object' || !schema.type ? 'Object' : schema.type
}
function fieldLines(schema: any, level: number, recursive: boolean, block: (text: string) => string): string {
  return Object.keys(schema.properties ?? {}).sort().map(name => {
    const field = schema.properties[name], pad = '  '.repeat(level)
    const head = `${pad}${name}\t<${typeText(field)}>${schema.required?.includes(name) ? ' -required-' : ''}\n`
    const values = field.enum?.length ? `${pad}enum: ${field.enum.slice(0, 4).join(', ')}${field.enum.length > 4 ? ', ....' : ''}\n` : ''
    return recursive
      ? `${head}${values}${fieldLines(inner(field), level + 1, true, block)}`
      : `${head}${values}${block(field.description || '<no description>')}\n\n`
  }).join('')
}
