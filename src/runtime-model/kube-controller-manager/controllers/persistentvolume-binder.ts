import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { recycledBy } from '../volume/recycle.ts'
import { beginClaim, syncClaim } from '../volume/sync-claim.ts'
import type { ClaimSnapshot } from '../volume/sync-claim.ts'
import { beginVolume, syncVolume } from '../volume/sync-volume.ts'
import type { VolumeSnapshot } from '../volume/sync-volume.ts'
import {
  classes, classOf, claims, claimsByVolume, freeVolumesByClass, isBindCompleted, podsByClaim, unboundClaimsByClass, volumes, volumesByClaim,
} from '../volume/claims.ts'

const resyncMs = 15_000

/**
 * Binds claims and volumes to each other, asks provisioners for volumes, and lets go what was released. Keys: `claim namespace/name`, `volume name`. What
 * upstream finds in its pass over everything each 15 s is looked at in the first such pass after what it waits for has come.
 */
export const persistentVolumeBinder = defineController({
  name: 'persistentvolume-binder',
  serviceAccount: 'persistent-volume-binder',
  watches: [
    { resource: claims, toKeys: keysOfClaim }, { resource: volumes, toKeys: keysOfVolume }, { resource: classes, toKeys: keysOfClass },
    { resource: 'pods', toKeys: delta => { const volume = recycledBy(objectOf(delta)); return volume ? [`volume ${volume}`] : NO_KEYS } },
  ],
  indexes: [volumesByClaim, freeVolumesByClass, unboundClaimsByClass, claimsByVolume, podsByClaim],
  initialMemory: () => ({ forkable: true, seen: new PersistentMap<number>(), recycling: new PersistentMap<string>() }),
  reconcile: script(begin, run),
  workers: 1,
  source: 'pkg/controller/volume/persistentvolume/{pv_controller.go,pv_controller_base.go,index.go}',
})

function keysOfClaim({ new: claim, stored, old }: Delta, view: View): Keys {
  if (claim) return [`claim ${claim.metadata.namespace}/${claim.metadata.name}`]
  const gone = stored ?? old!
  const seen: PersistentMap<number> = view.memory.seen
  seen.delete(`${gone.metadata.namespace}/${gone.metadata.name}`)
  return gone.spec.volumeName ? [`volume ${gone.spec.volumeName}`] : NO_KEYS
}
/** A volume that has lost its claim, is somebody else's or gone without one, is missed in the next pass. */
function keysOfVolume(delta: Delta, view: View): Keys {
  const { metadata: { name }, spec: { claimRef }, status } = objectOf(delta), own = `volume ${name}`
  const namers = view.by(claimsByVolume, name)
  if (!delta.new) return claimRef ? [`claim ${claimRef.namespace}/${claimRef.name}`] : inNextPass(namers, view)
  if (claimRef) return [own, ...inNextPass(namers.filter(c => isBindCompleted(c) && c.metadata.uid !== claimRef.uid), view)]
  return [own, ...inNextPass(namers, view), ...status?.phase === 'Available' ? waiting(classOf(delta.new), view) : []]
}
function keysOfClass(delta: Delta, view: View): Keys { return delta.new ? [...waiting(delta.new.metadata.name, view), ...waiting('', view)] : NO_KEYS }
const waiting = (className: string, view: View): Later => inNextPass(view.by(unboundClaimsByClass, className), view)
type Later = { readonly key: string; readonly afterMs: number }[]
const inNextPass = (list: readonly KubeObject[], view: View): Later =>
  list.map(({ metadata: { namespace, name } }) => ({ key: `claim ${namespace}/${name}`, afterMs: view.untilTick(resyncMs) }))

type Snapshot = { readonly claim: ClaimSnapshot } | { readonly volume: VolumeSnapshot }
function begin(key: string, view: View): Snapshot | undefined {
  if (key.startsWith('volume ')) {
    const volume: KubeObject | undefined = view.get(volumes, undefined, key.slice(7))
    return volume && { volume: beginVolume(volume, view) }
  }
  const { namespace, name } = splitKey(key.slice(6)), claim = view.get(claims, namespace, name)
  return claim && { claim: beginClaim(claim, view) }
}
function run(io: Script, snapshot: Snapshot, view: View): void {
  if ('claim' in snapshot) syncClaim(io, snapshot.claim, view); else syncVolume(io, snapshot.volume, view)
}
