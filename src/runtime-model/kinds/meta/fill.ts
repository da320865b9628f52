/** `object` with `defaults` for the fields it lacks (undefined, null or ''); the object itself if it lacks none. */
export const fill = (object: any, defaults: Readonly<Record<string, unknown>>): any => filled(object, defaults, '')
/** The same where '' is a value, and a wrong one: the fields are pointers in Go. */
export const fillPointers = (object: any, defaults: Readonly<Record<string, unknown>>): any => filled(object, defaults, null)
function filled(object: any, defaults: Readonly<Record<string, unknown>>, lacking: '' | null): any {
  let filled: any
  for (const key in defaults) {
    const value = object[key]
    if (value === undefined || value === null || value === lacking) (filled ??= { ...object })[key] = defaults[key]
  }
  return filled ?? object
}
/** `object` with `key` replaced by `change(object[key])`, the object itself if that returns what is there (absent stays absent). */
export function change(object: any, key: string, change: (value: any) => any): any {
  const value = object[key]
  if (value === undefined || value === null) return object
  const next = change(value)
  return next === value ? object : { ...object, [key]: next }
}
/** `list.map(change)`, the list itself if nothing changed */
export function changeAll(list: readonly any[], change: (item: any) => any): readonly any[] {
  let changed: any[] | undefined
  for (let i = 0; i < list.length; i++) {
    const next = change(list[i])
    if (next !== list[i]) (changed ??= list.slice())[i] = next
  }
  return changed ?? list
}
/** without a key, the object itself if it is not there */
export function without(object: any, key: string): any {
  if (object[key] === undefined) return object
  const { [key]: _, ...rest } = object
  return rest
}
