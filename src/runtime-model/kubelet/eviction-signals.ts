import { formatUnits, unitsOf } from '../api/quantity.ts'
import { reclaimDisk } from './container-garbage.ts'
import { evictOne } from './eviction.ts'
import { lookLater } from './image-garbage.ts'
import { putLeft, type Signal } from './left.ts'
import { diskBytes } from './node-object.ts'
import { report } from './node-status.ts'
import type { Session } from './session.ts'

/**
 * Eviction by what is left on a node: hard thresholds at once, soft ones after their grace period, until what has been taken back is enough. Approximate: what
 * is left is what was said of it, and what evicted pods have used; pods that come later use nothing of it.
 * Source: pkg/kubelet/eviction/{eviction_manager,helpers}.go (synchronize, thresholdsMet, thresholdsMetGracePeriod, evictPod);
 * https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#soft-eviction-thresholds
 */
const lookMs = 10_000, transitionMs = 300_000

/** `maxPodGraceMs`: evictionMaxPodGracePeriod; `reclaimBytes`: evictionMinimumReclaim, beyond the threshold */
export interface SoftThreshold { readonly bytes: number; readonly graceMs: number; readonly maxPodGraceMs: number }
export interface Thresholds { readonly soft?: SoftThreshold; readonly reclaimBytes?: number }
/**
 * memory.available, nodefs.available and imagefs.available: images lie on the disk of all else here, which leaves them less of it. Source:
 * pkg/kubelet/eviction/defaults_linux.go, helpers.go (makeSignalObservations)
 */
const hardBytes: Readonly<Record<Signal, readonly number[]>> = { memory: [unitsOf('100Mi')], disk: [diskBytes / 10, diskBytes * 3 / 20] }

/** So much is left from now on; undefined: enough. */
export function leftChanged(session: Session, kind: Signal, bytes: number | undefined): void {
  putLeft(session, kind, bytes === undefined ? undefined : { bytes, freed: 0, hard: false, softSince: -1 })
  session.cancel(`assess-${kind}`)
  if (bytes === undefined) calm(session, kind); else assess(session, kind)
  if (kind === 'disk') lookLater(session)
}
export function leftTimer(session: Session, key: string): boolean {
  if (!key.startsWith('assess-')) return false
  assess(session, key.slice(7) as Signal)
  return true
}
/** The condition goes when the threshold has not been met for five minutes. */
function calm(session: Session, kind: Signal): void { if (kind in session.state.node.pressure) session.timer(`calm-${kind}`, session.now + transitionMs) }

function assess(session: Session, kind: Signal): void {
  const left = session.state.node.left[kind]
  if (left === undefined) return
  const { soft, reclaimBytes = 0 } = session.state.thresholds[kind] ?? NONE, available = left.bytes + left.freed
  // what was met is so until the minimum to reclaim is there too
  const margin = left.hard ? reclaimBytes : 0, met = hardBytes[kind].find(bytes => available < bytes + margin), hard = met !== undefined
  const softly = soft !== undefined && available < soft.bytes + (left.softSince >= 0 ? reclaimBytes : 0)
  const softSince = !softly ? -1 : left.softSince >= 0 ? left.softSince : session.now
  putLeft(session, kind, { ...left, hard, softSince })
  if (!hard && !softly) return calm(session, kind)
  session.cancel(`calm-${kind}`)
  if (!(kind in session.state.node.pressure)) {
    session.state = { ...session.state, node: { ...session.state.node, pressure: { ...session.state.node.pressure, [kind]: session.now } } }
    report(session)
  }
  const due = hard ? session.now : softSince + soft!.graceMs
  if (due > session.now) return session.timer(`assess-${kind}`, due)
  session.nodeEvent('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${kind === 'disk' ? 'ephemeral-storage' : kind}`)
  if (kind === 'disk' && reclaimed(session, hard ? Math.max(...hardBytes.disk) + reclaimBytes : soft!.bytes + reclaimBytes)) {
    return session.timer(`assess-${kind}`, session.now + lookMs)
  }
  const freed = evictOne(session, kind, {
    threshold: told(kind, met ?? soft!.bytes), available: told(kind, Math.max(0, leftNow(session, kind))),
    graceMs: hard ? 1000 : soft!.maxPodGraceMs,
  })
  if (freed === undefined) return
  putLeft(session, kind, { ...session.state.node.left[kind]!, freed: session.state.node.left[kind]!.freed + freed })
  session.timer(`assess-${kind}`, session.now + lookMs)
}
/** Room is made before pods go: containers of pods that are over, then images that nobody uses. Answers whether that is enough. */
function reclaimed(session: Session, enoughBytes: number): boolean {
  reclaimDisk(session)
  return leftNow(session, 'disk') >= enoughBytes
}
function leftNow({ state: { node: { left } } }: Session, kind: Signal): number { return left[kind]!.bytes + left[kind]!.freed }
/** What was worked out from a percentage is told in bytes. */
const told = (kind: Signal, bytes: number): string => formatUnits(bytes, kind === 'disk' ? 'DecimalSI' : 'BinarySI')
const NONE: Thresholds = Object.freeze({})
