/**
 * JSON paths of printer columns, scale and selectable fields: `.spec.list[*].name`, `.status.conditions[?(@.type=="Ready")].status`,
 * `.metadata.annotations.a\.b`.
 * Answers every value found. Source: k8s.io/client-go util/jsonpath, as far as CustomResourceDefinitions use it.
 */
type Step = { readonly field: string } | { readonly index: number } | { readonly all: true }
  | { readonly where: readonly string[]; readonly is: string; readonly not: boolean }

const paths = new Map<string, readonly Step[] | undefined>()
/** undefined: it cannot be read */
export function simplePath(text: string): readonly Step[] | undefined {
  if (!paths.has(text)) { if (paths.size > 5000) paths.clear(); paths.set(text, parse(text)) }
  return paths.get(text)
}
const token = /\.((?:[^.[\]\\]|\\.)+)|\[(?:'([^']*)'|"([^"]*)"|(\*)|(-?\d+)|\?\(\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]+))\s*\))\]/y
function parse(text: string): readonly Step[] | undefined {
  const source = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text, steps: Step[] = []
  token.lastIndex = 0
  while (token.lastIndex < source.length) {
    const m = token.exec(source)
    if (!m) return undefined
    const [, dotted, single, double, star, index, where, sign, a, b, c] = m, name = dotted?.replaceAll(/\\(.)/g, '$1') ?? single ?? double
    steps.push(
      name !== undefined ? (name === '*' ? { all: true } : { field: name })
        : star ? { all: true }
        : index !== undefined ? { index: Number(index) }
        : { where: where.split('.').slice(1), is: a ?? b ?? c ?? '', not: sign === '!=' }
    )
  }
  return steps
}

export function valuesAt(text: string, object: any): readonly any[] {
  let found: any[] = [object]
  for (const step of simplePath(text) ?? []) {
    found = found.flatMap(value => {
      if (value === null || value === undefined) return []
      if ('field' in step) {
        const next = typeof value === 'object' && !Array.isArray(value) ? value[step.field] : undefined
        return next === undefined || next === null ? [] : [next]
      }
      if ('all' in step) return typeof value === 'object' ? Object.values(value) : []
      if (!Array.isArray(value)) return []
      if ('index' in step) { const next = value.at(step.index); return next === undefined ? [] : [next] }
      return value.filter(item => (String(step.where.reduce((o, key) => o?.[key], item)) === step.is) !== step.not)
    })
  }
  return found
}
