import type { RuntimeContainer, RuntimeImage } from '../api/cri.ts'
import { imagesChanged } from './image-list.ts'
import type { ImagePolicy, KnownImage } from './image-policy.ts'
import { diskFreed } from './left.ts'
import { diskBytes } from './node-object.ts'
import type { Session } from './session.ts'

/**
 * Images that no container uses are removed once the disk is as full as the policy says, who was used longest ago first, until it is as empty as it says;
 * all of them when the eviction manager needs room, and by their age where the policy has one. Images are looked at every five minutes: what was pulled since
 * then is new to the look. Approximate: how full the disk is is what a fault has said, less what was pulled and more what was removed since.
 * Source: pkg/kubelet/images/image_gc_manager.go, pkg/kubelet/kubelet.go (StartGarbageCollection);
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#container-image-lifecycle
 */
const periodMs = 300_000, minAgeMs = 120_000, never = -Infinity

export function imagePolicy(session: Session, policy: Partial<ImagePolicy>): void {
  session.state = { ...session.state, imagePolicy: { ...session.state.imagePolicy, ...policy } }
  lookLater(session)
}
export function imagePulled(session: Session, image: RuntimeImage): void {
  session.state.images.set(image.ref, { ...image, since: session.now })
  imagesChanged(session)
  if (session.state.node.left.disk) diskFreed(session, -image.bytes)
  lookLater(session)
}
/** These containers are no longer there. */
export function imagesReleased(session: Session, containers: readonly RuntimeContainer[]): void {
  for (const ref of containers.flatMap(imagesOf)) {
    const known = session.state.images.get(ref)
    if (known && known.usedAt !== session.now) session.state.images.set(ref, { ...known, usedAt: session.now })
  }
  lookLater(session)
}

// ---- when
const lookAfter = (session: Session, at: number): number => session.nextRound(periodMs, Math.max(session.now, at - 1))
/** The next look that may find something to do, if any: a node whose disk is not full, and whose images may grow old, has none. */
export function lookLater(session: Session): void {
  const { imagePolicy: { maxAgeMs }, imageFailures } = session.state
  // the third failure in a row only counts on
  if (usedPercent(session) >= session.state.imagePolicy.highPercent) return session.timer('images', lookAfter(session, session.now), imageFailures > 1)
  if (maxAgeMs === 0) return
  const due = Math.min(Infinity, ...unused(session).map(image => Math.max(session.state.startedAt, lastUsed(session, image)) + maxAgeMs + 1))
  if (due < Infinity) session.timer('images', lookAfter(session, due))
}
export function imageTimer(session: Session, key: string): boolean {
  if (key !== 'images') return false
  removeOld(session)
  removeForRoom(session)
  lookLater(session)
  return true
}

// ---- which
const available = ({ state: { node: { left: { disk } } } }: Session): number => disk ? Math.min(diskBytes, Math.max(0, disk.bytes + disk.freed)) : diskBytes
const usedPercent = (session: Session): number => 100 - Math.floor(available(session) * 100 / diskBytes)

/** A container that has ended uses its image and those of its volumes as long as the runtime knows it. Source: image_gc_manager.go (handleImageVolumes) */
const imagesOf = ({ image, mounts }: RuntimeContainer): readonly string[] => [image, ...mounts.flatMap(m => m.image ?? [])]
function unused(session: Session): KnownImage[] {
  const used = new Set<string>()
  for (const { latest } of session.state.workers.values()) for (const c of latest?.containers ?? []) for (const ref of imagesOf(c)) used.add(ref)
  return session.state.images.sorted().map(([, image]) => image).filter(({ ref }) => !used.has(ref))
}
/** The last of the looks that found it in use. */
function lastUsed({ state: { startedAt } }: Session, { since, usedAt }: KnownImage): number {
  if (usedAt === undefined) return never
  const look = usedAt - (usedAt - startedAt) % periodMs
  return look < since ? never : look
}
/** The first look that found it; `now` if that is the first. */
function detectedAt({ now, state: { startedAt } }: Session, { since }: KnownImage): number {
  return since < 0 ? never : Math.min(now, startedAt + Math.ceil((since - startedAt) / periodMs) * periodMs)
}

function removeOld(session: Session): void {
  const { maxAgeMs } = session.state.imagePolicy
  if (maxAgeMs === 0 || session.now - session.state.startedAt <= maxAgeMs) return
  remove(session, unused(session).filter(image => session.now - lastUsed(session, image) > maxAgeMs))
}
function removeForRoom(session: Session): void {
  const { highPercent, lowPercent } = session.state.imagePolicy, percent = usedPercent(session)
  if (percent < highPercent) { session.state = { ...session.state, imageFailures: 0 }; return }
  const wantedBytes = Math.floor(diskBytes * (100 - lowPercent) / 100) - available(session), freedBytes = removeUnused(session, wantedBytes)
  const failures = freedBytes < wantedBytes ? session.state.imageFailures + 1 : 0
  session.state = { ...session.state, imageFailures: failures }
  if (failures === 0) return
  const message = session.words.noSpace({ usedPercent: percent, capacityBytes: diskBytes, wantedBytes, freedBytes })
  session.nodeEvent('Warning', 'FreeDiskSpaceFailed', message)
  if (failures > 1) session.nodeEvent('Warning', 'ImageGCFailed', message)
}
/** Removes images that nobody uses, until so much is free; answers how much has become free. */
export function removeUnused(session: Session, wantedBytes: number): number {
  const able = unused(session).filter(image => session.now - detectedAt(session, image) >= minAgeMs), going: KnownImage[] = []
  able.sort((a, b) =>
    order(lastUsed(session, a), lastUsed(session, b)) || order(detectedAt(session, a), detectedAt(session, b)) || (a.ref < b.ref ? -1 : 1))
  let freedBytes = 0
  for (const image of able) {
    if (freedBytes >= wantedBytes) break
    going.push(image)
    freedBytes += image.bytes
  }
  remove(session, going)
  return freedBytes
}
const order = (a: number, b: number): number => a === b ? 0 : a < b ? -1 : 1

function remove(session: Session, images: readonly KnownImage[]): void {
  if (images.length === 0) return
  imagesChanged(session)
  for (const { ref, bytes } of images) {
    session.record({ type: 'note', text: `Removing image to free bytes: ${ref} (${bytes} bytes) on ${session.node}` })
    session.state.images.delete(ref)
    if (session.state.node.left.disk) diskFreed(session, bytes)
  }
  session.cri(NO_POD, { call: 'remove-images', refs: images.map(image => image.ref) }, { for: 'removed', uid: '' })
}
const NO_POD = { uid: '', pod: undefined as never }
