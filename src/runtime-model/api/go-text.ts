/** A parsed JSON value as Go's `%v` prints it: `map[spec:map[replicas:many]]`, maps by key. */
export function goText(value: any): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  return `map[${Object.keys(value).sort().map(key => `${key}:${goText(value[key])}`).join(' ')}]`
}
