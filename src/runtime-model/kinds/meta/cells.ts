import { parseTime } from '../../api/time.ts'
import { humanDuration } from './duration.ts'

/** Small parts of server-side printers. Source: pkg/printers/internalversion/printers.go. */
/** null: there is no value; it is printed as nothing */
export type Cell = string | number | boolean | null
export const age = (object: any, nowMs: number): string => since(object.metadata?.creationTimestamp, nowMs)
export const since = (time: string | null | undefined, nowMs: number): string => time ? humanDuration(nowMs - parseTime(time)) : '<unknown>'
export const or = (value: string | undefined | null, none = '<none>'): string => value ? value : none
export const unset = '<unset>'
/** `a=b,c=d` sorted as written (`a-b=` before `a=`), `<none>` if empty. Source: apimachinery pkg/labels/labels.go (Set.String) */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined | null, none = '<none>'): string =>
  Object.entries(labels ?? {}).map(([k, v]) => `${k}=${v}`).sort().join(',') || none
/** metav1.FormatLabelSelector */
export function selectorText(selector: any): string {
  if (!selector) return '<none>'
  const parts = Object.keys(selector.matchLabels ?? {}).sort().map(k => [k, `${k}=${selector.matchLabels[k]}`])
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const list = `(${[...values].sort().join(',')})`
    parts.push([key, operator === 'Exists' ? key : operator === 'DoesNotExist' ? `!${key}` : operator === 'In' ? `${key} in ${list}` : `${key} notin ${list}`])
  }
  parts.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)
  return parts.length === 0 ? '<none>' : parts.map(p => p[1]).join(',')
}
/** names and images of a pod template's containers */
export const containersCells = (template: any): [string, string] => {
  const containers = template?.spec?.containers ?? []
  return [containers.map((c: any) => c.name).join(','), containers.map((c: any) => c.image).join(',')]
}
