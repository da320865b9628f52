import type { KnownImage } from './image-policy.ts'
import { tellsOther, type ToldImage } from './node-object.ts'
import { nextReport, report } from './node-status.ts'
import type { Session } from './session.ts'

/**
 * Images as a Node's status tells them, the largest first: the kubelet looks at them every thirty seconds, and tells of them with its next look at its status.
 * A runtime that names images as they were written knows no digests of them. Source: pkg/kubelet/images/image_gc_manager.go (Start),
 * pkg/kubelet/nodestatus/setters.go (Images), pkg/kubelet/util/sliceutils
 */
const lookMs = 30_000, most = 50

/** Images have come or gone. */
export function imagesChanged(session: Session): void { session.timer('image-list', session.nextRound(lookMs), true) }
export function imageListTimer(session: Session, key: string): boolean {
  if (key === 'image-list') { if (lookAtImages(session)) session.timer('image-report', nextReport(session), true) }
  else if (key === 'image-report') report(session)
  else return false
  return true
}
/** Answers whether they are others than before. */
export function lookAtImages(session: Session): boolean {
  const told = [...session.state.images.values()].sort(largestFirst).slice(0, most)
    .map(({ ref, id, bytes }): ToldImage => ({ names: id === ref ? [ref] : [id, ref], sizeBytes: bytes }))
  if (!tellsOther(session.state.node.images, told)) return false
  session.state = { ...session.state, node: { ...session.state.node, images: told } }
  return true
}
const largestFirst = (a: KnownImage, b: KnownImage): number => b.bytes - a.bytes || (a.id < b.id ? 1 : -1)
