/**
 * Sets of fields in the very form of managedFields (FieldsV1): `f:NAME` a field or map key, `k:{…}` an item of a keyed list, `v:…` a value of a list
 * that is a set, `.` the thing itself. A node without children is a member by itself.
 * Source: sigs.k8s.io/structured-merge-diff fieldpath (serialize-pe.go, set.go, element.go).
 */
export interface FieldSet { readonly [element: string]: FieldSet }
export const EMPTY: FieldSet = Object.freeze({})

/** Members are those that say so and those without anything in them; the root is never one. */
export const isMember = (node: FieldSet): boolean => node['.'] !== undefined || isEmpty(node)
export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** A set under construction. */
export type Building = { [element: string]: Building }
/** the node of `element` in `set`, made if need be */
export const childOf = (set: Building, element: string): Building => set[element] ??= {}
/** `{ '.': {} }` alone is written `{}`; branches that hold nothing go. Undefined: nothing is left. */
export function finish(set: Building): FieldSet {
  const trimmed: Building = {}
  for (const element in set) {
    if (element === '.') continue
    const node = set[element], inner = finish(node) as Building
    if (!isEmpty(inner)) trimmed[element] = node['.'] ? { '.': {}, ...inner } : inner
    else if (node['.']) trimmed[element] = {}
  }
  return trimmed
}
const opened = (node: FieldSet): FieldSet => isEmpty(node) ? member : node
const member: FieldSet = Object.freeze({ '.': EMPTY })

export const union = (a: FieldSet, b: FieldSet): FieldSet => isEmpty(a) ? b : isEmpty(b) ? a : finish(merge(a, b))
function merge(a: FieldSet, b: FieldSet): Building {
  const both: any = {}
  for (const element in a) both[element] = element === '.' ? {} : merge(opened(a[element]), b[element] === undefined ? EMPTY : opened(b[element]))
  for (const element in b) if (both[element] === undefined) both[element] = element === '.' ? {} : merge(EMPTY, opened(b[element]))
  return both
}
/** members of a that are not members of b */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a
  const rest = (x: FieldSet, y: FieldSet | undefined): Building => {
    const left: any = {}
    if (x['.'] !== undefined && !(y && y['.'] !== undefined)) left['.'] = {}
    for (const element in x) if (element !== '.') left[element] = rest(opened(x[element]), y?.[element] && opened(y[element]))
    return left
  }
  return finish(rest(a, b))
}
/** members of a that are members of b */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const common = (x: FieldSet, y: FieldSet): Building => {
    const shared: any = {}
    if (x['.'] !== undefined && y['.'] !== undefined) shared['.'] = {}
    for (const element in x) if (element !== '.' && y[element] !== undefined) shared[element] = common(opened(x[element]), opened(y[element]))
    return shared
  }
  return finish(common(a, b))
}
/** Paths of the members as they stand in conflicts: `.spec.template.spec.containers[name="app"].image`; those of a part before what is in its parts. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const steps = Object.keys(set).filter(e => e !== '.').sort().map(element => ({ node: set[element], path: prefix + stepText(element) }))
  return [...steps.filter(s => isMember(s.node)).map(s => s.path), ...steps.flatMap(s => pathsOf(s.node, s.path))]
}
export function stepText(element: string): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`
  if (element.startsWith('v:')) return `[=${element.slice(2)}]`
  if (element.startsWith('k:')) return `[${Object.entries(JSON.parse(element.slice(2))).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
  return `[${element.slice(2)}]`
}
