/** Keys by which members of a list are told apart, in the order in which they are tried. Source: listMapKey of the built-in types. */
const mergeKeys = ['name', 'key', 'type', 'containerPort', 'port', 'mountPath', 'ip', 'uid', 'topologyKey', 'namespace']

/** Why `object` does not hold everything that `wanted` says, with the path of the first difference; undefined: it does. */
export function subsetProblem(wanted: unknown, object: unknown, path = ''): string | undefined {
  if (Array.isArray(wanted)) return listProblem(wanted, object, path)
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof object !== 'object' || object === null) return `${path || '.'} is ${shown(object)}`
    for (const [key, value] of Object.entries(wanted)) {
      const problem = subsetProblem(value, (object as any)[key], `${path}.${key}`)
      if (problem) return problem
    }
    return undefined
  }
  return sameScalar(wanted, object) ? undefined : `${path || '.'} is ${shown(object)}, not ${shown(wanted)}`
}

function listProblem(wanted: readonly unknown[], object: unknown, path: string): string | undefined {
  if (!Array.isArray(object)) return `${path} is ${shown(object)}`
  const key = mergeKeys.find(k => wanted.length > 0 && wanted.every(w => isRecord(w) && k in w) && object.every(o => isRecord(o)))
  for (const [index, member] of wanted.entries()) {
    if (key) {
      const value = (member as any)[key], found = object.find(o => sameScalar(value, o[key]))
      const problem = found === undefined ? `${path} has no member with ${key} ${shown(value)}` : subsetProblem(member, found, `${path}[${key}=${value}]`)
      if (problem) return problem
    } else if (isRecord(member)) {
      if (!object.some(o => subsetProblem(member, o) === undefined)) return `${path} has no member like ${shown(member)}`
    } else if (!sameScalar(member, object[index])) return `${path}[${index}] is ${shown(object[index])}, not ${shown(member)}`
  }
  return !key && wanted.length !== object.length && !wanted.some(isRecord) ? `${path} has ${object.length} members, not ${wanted.length}` : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const sameScalar = (a: unknown, b: unknown): boolean =>
  a === b || (a === null && b === undefined) || (b !== undefined && b !== null && typeof b !== 'object' && String(a) === String(b))
const shown = (value: unknown): string => value === undefined ? 'absent' : JSON.stringify(value)
