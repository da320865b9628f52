/** A copy of a process' state that shares everything with the original until one of the two is changed. See `Actor`. */
export function forkState<S>(state: S): S {
  return typeof state === 'object' && state !== null ? forked(state) : state
}
function forked(state: any): any {
  if (typeof state.fork === 'function') return state.fork()
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(state)) copy[key] = forkedPart(state[key])
  return copy
}
function forkedPart(part: any): unknown {
  if (typeof part !== 'object' || part === null) return part
  return typeof part.fork === 'function' || part.forkable === true ? forked(part) : part
}
