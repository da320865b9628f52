import type { FieldError } from '../kinds/index.ts'

/**
 * What is wrong with an object, with the values as the client has sent them: a server validates the empty lists and maps too that it does not store.
 * `sent`: the object with these, if it has any; `validate` is asked again only for the words.
 */
export function asSent(
  problems: readonly FieldError[], object: any, sent: any, validate: (object: any) => readonly FieldError[]
): readonly FieldError[] {
  if (problems.length === 0 || sent === undefined) return problems
  const again = validate(withEmpties(object, sent))
  return again.length === problems.length && again.every(({ type, field }, i) => type === problems[i].type && field === problems[i].field) ? again : problems
}

function withEmpties(object: any, sent: any): any {
  if (Array.isArray(object)) return Array.isArray(sent) && sent.length === object.length ? object.map((item, i) => withEmpties(item, sent[i])) : object
  if (!isMap(object) || !isMap(sent)) return object
  const result: any = { ...object }
  for (const key in sent) {
    if (object[key] === undefined) { if (isEmpty(sent[key])) result[key] = sent[key] } else result[key] = withEmpties(object[key], sent[key])
  }
  return result
}
const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmpty = (value: any): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0
