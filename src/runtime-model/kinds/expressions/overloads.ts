import { signatures } from './library.ts'
import { isList, isMap, type CelType } from './types.ts'

/** Functions and methods with the types that they take. Source: cel-go common/stdlib, ext, and what Kubernetes adds (library.ts). */
const T = 'google.protobuf.Timestamp', D = 'google.protobuf.Duration'
export interface Overload { readonly name: string; readonly of?: string; readonly args: readonly string[]; readonly result: string }
const standard: readonly string[] = [
  ...['string', 'bytes', 'list', 'map'].flatMap(t => [`size(${t}): int`, `${t}.size(): int`]),
  ...['startsWith', 'endsWith', 'contains', 'matches'].map(f => `string.${f}(string): bool`), 'matches(string, string): bool',
  ...['lowerAscii', 'upperAscii', 'trim'].map(f => `string.${f}(): string`),
  ...['indexOf', 'lastIndexOf'].flatMap(f => [`string.${f}(string): int`, `string.${f}(string, int): int`]),
  'string.substring(int): string', 'string.substring(int, int): string', 'string.split(string): list<string>', 'string.split(string, int): list<string>',
  'list.join(): string', 'list.join(string): string',
  ...['int', 'uint', 'double', 'string', 'bool', 'bytes'].map(t => `${t}(dyn): ${t}`), 'dyn(dyn): dyn', 'type(dyn): type', `timestamp(dyn): ${T}`,
  `duration(dyn): ${D}`,
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'].flatMap(
    f => [`${T}.${f}(): int`, `${T}.${f}(string): int`]
  ),
  ...['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'].map(f => `${D}.${f}(): int`),
  'optional.orValue(dyn): dyn', 'optional.hasValue(): bool', 'optional.value(): dyn', 'optional.or(optional): optional',
]
let known: readonly Overload[] | undefined
export const overloads = (): readonly Overload[] => known ??= [...standard, ...signatures].map(signature => {
  const [, path, args, result] = /^(.*?)\((.*)\): (.*)$/.exec(signature)!, dot = path.lastIndexOf('.')
  return { name: path.slice(dot + 1), of: dot < 0 ? undefined : path.slice(0, dot), args: args === '' ? [] : args.split(', '), result }
})
export const takes = (wanted: string, type: CelType): boolean =>
  type === 'dyn' || wanted === 'dyn' || wanted === type || (wanted === 'list' && isList(type)) || (wanted === 'map' && isMap(type))
    || (wanted === 'optional' && type === 'optional')
/** `list.sum()` and the like give an item of the list */
export function resultOf({ name, result }: Overload, of: CelType | undefined): CelType {
  if (result === 'list') return of !== undefined && isList(of) ? of : { list: 'dyn' }
  if (result === 'list<string>') return { list: 'string' }
  if (result === 'map') return { map: ['dyn', 'dyn'] }
  return result === 'dyn' && of !== undefined && isList(of) && ['sum', 'min', 'max'].includes(name) ? of.list : result as CelType
}
