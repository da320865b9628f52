import { parseLabelSelector } from '../../runtime-model/api/selectors.ts'
import { failure } from './errors.ts'

/** `a=b,c in (d,e)` as a LabelSelector object. Source: apimachinery pkg/apis/meta/v1/helpers.go, ParseToLabelSelector. */
export function parseSelector(text: string): any {
  const parsed = parseLabelSelector(text)
  if (parsed.error !== undefined) throw failure(`couldn't parse the selector string ${JSON.stringify(text)}: ${parsed.error}`)
  const matchLabels: Record<string, string> = {}, matchExpressions: any[] = []
  for (const { key, operator, values } of parsed.requirements) {
    if (operator === '=' || operator === '==') matchLabels[key] = values[0]
    else if (operator === '!=') matchExpressions.push({ key, operator: 'NotIn', values })
    else if (operator === 'in' || operator === 'notin') matchExpressions.push({ key, operator: operator === 'in' ? 'In' : 'NotIn', values })
    else if (operator === 'exists' || operator === '!') matchExpressions.push({ key, operator: operator === '!' ? 'DoesNotExist' : 'Exists' })
    else throw failure(`${JSON.stringify(operator)} is not supported`)
  }
  return { ...Object.keys(matchLabels).length || matchExpressions.length === 0 ? { matchLabels } : {}, ...matchExpressions.length ? { matchExpressions } : {} }
}
/** A LabelSelector object as text. Source: metav1.FormatLabelSelector. */
export function selectorText(selector: any, none = '<none>'): string {
  const terms: [string, string][] = Object.entries<string>(selector?.matchLabels ?? {}).map(([k, v]) => [k, `${k}=${v}`])
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    const set = `(${[...values ?? []].sort().join(',')})`
    terms.push([key, operator === 'Exists' ? key : operator === 'DoesNotExist' ? `!${key}` : operator === 'In' ? `${key} in ${set}` : `${key} notin ${set}`])
  }
  return terms.length === 0 ? none : terms.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, t]) => t).join(',')
}
