import type { Session } from './session.ts'

/** How much of its memory and its disk a node has left, where that was said. Source: pkg/kubelet/eviction/helpers.go (makeSignalObservations) */
export type Signal = 'memory' | 'disk'
export interface Left {
  readonly bytes: number
  /** used by pods that were evicted since */
  readonly freed: number
  /** the hard threshold is met; virtual ms since when the soft one is, -1: it is not */
  readonly hard: boolean
  readonly softSince: number
}
export function putLeft(session: Session, kind: Signal, left: Left | undefined): void {
  const { [kind]: _, ...others } = session.state.node.left
  session.state = { ...session.state, node: { ...session.state.node, left: left ? { ...others, [kind]: left } : others } }
}
/** So much more of the disk is free, or (negative) less. */
export function diskFreed(session: Session, bytes: number): void {
  const left = session.state.node.left.disk
  if (left === undefined) return
  putLeft(session, 'disk', { ...left, freed: left.freed + bytes })
  if (bytes < 0) session.timer('assess-disk', session.now)
}
