interface Forkable { fork(): unknown }
const isForkable = (value: any): value is Forkable => typeof value?.fork === 'function'

/** A copy of a process' state that shares everything with the original until one of the two is changed. See `Actor`. */
export function forkState<S>(state: S): S {
  if (isForkable(state)) return state.fork() as S
  if (state === null || typeof state !== 'object') return state
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(state as object)) {
    const value = (state as any)[key]
    copy[key] = isForkable(value) ? value.fork() : value?.forkable === true ? forkState(value) : value
  }
  return copy as S
}
