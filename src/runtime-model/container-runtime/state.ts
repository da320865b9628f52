import { PersistentMap } from '../../base/persistent-map.ts'
import type { Behaviour } from '../api/behaviour.ts'
import type { Manifest, PodRuntime, RuntimeContainer, RuntimeImage, Writes } from '../api/cri.ts'
import type { NetworkAgent } from '../api/network-agent.ts'

export interface RuntimeOptions {
  readonly host: string
  readonly podCidr: string
  readonly bare: boolean
  /** on the disk from the start */
  readonly images?: readonly string[]
  /** of the network plugin, where it is a pod on each node */
  readonly agent?: NetworkAgent
}

/** What a node runs and has on its disk, whatever the API or the kubelet think. */
export interface RuntimeState {
  /** pod uid → pod */
  readonly pods: PersistentMap<PodRuntime>
  /** full name → image */
  readonly images: PersistentMap<RuntimeImage>
  /** `uid/container` → runs so far: containers that exit a number of times count them */
  readonly runs: PersistentMap<number>
  /** address → uid of its pod */
  readonly addresses: PersistentMap<string>
  /** place of a file (api/cri.ts, placeOf) → what was written there */
  readonly files: PersistentMap<Writes>
  /** files of the manifest folder */
  readonly manifests: Readonly<Record<string, Manifest>>
  /** image → what its containers do */
  readonly declared: PersistentMap<Behaviour>
  /** registries that cannot be reached */
  readonly unreachable: PersistentMap<true>
  /** registry → pulls that could not reach it so far */
  readonly failedPulls: PersistentMap<number>
  /** `uid/container` → the call that waits for it to start or stop */
  readonly waiting: PersistentMap<Waiting>
  readonly nextAddress: number
  /** its network plugin is there: without one no sandbox can be made */
  readonly networkReady: boolean
  /** calendar ms at which the agent of the network plugin ended, 0: it has not begun; undefined: it runs, or there is none */
  readonly agentLostMs?: number
  /** starts of the machine */
  readonly boots: number
  /** the power was lost: containers are gone, which is noticed at the next start */
  readonly lost: boolean
}
export interface Waiting {
  readonly callId: number
  readonly caller: string
  readonly for: 'start' | 'stop' | 'pull'
  /** of a stop: the first SIGTERM, and when SIGKILL comes */
  readonly askedAt?: number
  readonly killAt?: number
  readonly image?: string
}

export const emptyRuntime = (): RuntimeState => ({
  pods: new PersistentMap(), images: new PersistentMap(), runs: new PersistentMap(), addresses: new PersistentMap(), files: new PersistentMap(),
  manifests: NO_MANIFESTS,
  declared: new PersistentMap(),
  unreachable: new PersistentMap(), failedPulls: new PersistentMap(), waiting: new PersistentMap(), nextAddress: 2, networkReady: true, boots: 0, lost: false,
})

const NO_MANIFESTS: Readonly<Record<string, never>> = Object.freeze({})

/** The newest container of a name. */
export const newest = (pod: PodRuntime | undefined, name: string): RuntimeContainer | undefined => pod?.containers.find(c => c.name === name)

/** After a loss of power only the disk is left; the reference runtime of bare worlds keeps nothing on it. */
export function afterRestart(state: RuntimeState, after: 'exit' | 'power loss', bare: boolean): RuntimeState {
  state.waiting.clear()
  if (after === 'exit') return state
  if (bare) {
    return {
      ...emptyRuntime(), manifests: state.manifests, networkReady: state.networkReady, declared: state.declared, unreachable: state.unreachable,
      failedPulls: state.failedPulls, runs: state.runs,
      boots: state.boots + 1,
    }
  }
  state.addresses.clear()
  return { ...state, boots: state.boots + 1, lost: true }
}
