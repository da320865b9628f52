import { isOk, type ApiResponse } from '../api/request.ts'
import { apiServerAddress } from '../api/addresses.ts'
import { create, get } from '../network/client.ts'
import { specOf } from './containers.ts'
import { pullSecretsOf, readPullSecrets } from './pull-secrets.ts'
import type { Session } from './session.ts'
import { followSettings } from './settings.ts'
import { attachedNow, detached, inlineProblem } from './attachments.ts'
import { tellMapped, usedVolumes } from './block-volumes.ts'
import { hostPathErrors } from './host-paths.ts'
import { keyOf, tokenVolumes, variableNeeds, volumeNeeds, type Need } from './volume-needs.ts'
import type { Worker } from './worker.ts'

/**
 * Volumes that are set up before a pod's containers, and the objects that their content and the containers' variables come from. The
 * kubelet reads them when it needs them (a real one watches them; what it does with them is the same, a second later at most).
 * Source: pkg/kubelet/volumemanager, pkg/volume/{configmap,secret,projected}, kubelet_pods.go (makeEnvironmentVariables)
 */
const firstAttemptMs = 150, pollMs = 300, retryFirstMs = 500, retryMostMs = 122_000, giveUpMs = 123_000, readMs = 20

// ---- mounting
/**
 * A pod's token comes from the API server, and is kept: attempts that fail for want of something else ask for none again. While a kubelet watches its pods
 * an answer is taken for granted; once the watch is broken it asks, as it always would.
 * Source: pkg/volume/projected, pkg/kubelet/token/token_manager.go (GetServiceAccountToken: cache)
 */
function needsNow(session: Session, { tokenHeld, pod: { spec, metadata } }: Worker): readonly Need[] {
  const needs = volumeNeeds(spec, metadata.name)
  if (tokenHeld || watchesPods(session)) return needs
  return [
    ...needs, ...tokenVolumes(spec).map((volume): Need =>
      ({ volume, resource: 'serviceaccounts', name: spec.serviceAccountName ?? 'default', optional: false, keys: [] })),
  ]
}
const watchesPods = ({ state }: Session): boolean => state.informers.reflectors.get('pods')?.phase === 'open'

export function beginMount(session: Session, worker: Worker): boolean {
  const secrets = pullSecretsOf(worker.pod).length > 0
  if (usedVolumes(worker.pod.spec).size === 0 && !secrets) { worker.mountedAt = session.now; return true }
  const needs = needsNow(session, worker)
  worker.mountFrom = session.now
  read(session, worker, needs)
  if (secrets) readPullSecrets(session, worker)
  session.timer(`mount ${worker.uid}`, Math.max(worker.mountNextAt, needs.length ? session.now + firstAttemptMs : session.now + pollMs))
  return false
}
/** An attempt to set up all volumes; every failure is an event. */
export function mountAttempt(session: Session, worker: Worker): void {
  if (worker.busy?.actions[0]?.do !== 'mount') return
  if (watchesPods(session)) worker.tokenHeld = true
  const needs = needsNow(session, worker)
  if (worker.mountNextAt - session.now === readMs) return readMissing(session, worker, needs)
  const onHost = worker.mounted ? [] : hostPathErrors(session, worker)
  if (needs.length === 0 && onHost.length === 0 || worker.mounted) { worker.mountedAt = session.now; return session.actionDone(worker) }
  const claims = needs.filter(n => n.resource === 'persistentvolumeclaims'), unusable = claims.flatMap(n => claimProblem(worker, n) ?? [])
  if (unusable.length > 0 && session.now - worker.mountFrom >= pollMs) return notProcessed(session, worker, claims, unusable)
  const errors = byVolume([...needs.flatMap(n => { const why = problem(session, worker, n); return why ? [[n.volume!, why] as const] : [] }), ...onHost])
  const told = needs.every(n => !['persistentvolumeclaims', 'csidrivers.storage.k8s.io'].includes(n.resource) || worker.objects[keyOf(n)] !== undefined)
  if (told && errors.length === 0 && unusable.length === 0 && attach(session, worker, claims)) {
    worker.mounted = true
    for (const { name } of claims) mapped(session, worker, name)
    followSettings(session, worker)
    const polls = Math.max(1, Math.ceil((session.now - worker.mountFrom) / pollMs))
    return session.timer(`mount ${worker.uid}`, worker.mountFrom + polls * pollMs)
  }
  const over = session.now - worker.mountFrom >= giveUpMs
  if (over && (errors.length === 0 || session.now < worker.mountNextAt)) return timedOut(session, worker)
  for (const [volume, why] of errors) session.podEvent(worker, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume}" : ${why}`)
  if (unusable.length > 0) return session.timer(`mount ${worker.uid}`, worker.mountFrom + pollMs)
  if (!told) read(session, worker, needs)
  if (errors.length > 0 || !told) again(session, worker)
  if (over) timedOut(session, worker)
}
/** What a volume of several sources lacks is told as one. Source: pkg/volume/projected/projected.go (collectData: NewAggregate) */
function byVolume(errors: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const whys = (volume: string): readonly string[] => [...new Set(errors.filter(([v]) => v === volume).map(([, why]) => why))]
  return [...new Set(errors.map(([volume]) => volume))].map(volume => [volume, whys(volume).length > 1 ? `[${whys(volume).join(', ')}]` : whys(volume)[0]])
}
function mapped(session: Session, worker: Worker, claim: string): void {
  const { spec } = worker.objects[`persistentvolumeclaims/${claim}`] || { spec: {} }, volume = worker.objects[`persistentvolumes/${spec.volumeName}`]
  if (spec.volumeMode === 'Block' && volume) tellMapped(session, worker, volume)
}
/** Are the volumes of claims attached here? Looks again if not. */
function attach(session: Session, worker: Worker, claims: readonly Need[]): boolean {
  const attached = claims.length > 0 ? attachedNow(session, worker, claims) : 'yes'
  if (attached === 'yes') return true
  if (attached === 'reads') { session.timer(`mount ${worker.uid}`, session.now + readMs); return false }
  if (typeof attached === 'object') {
    const { reason, did, volume, why } = attached
    session.podEvent(worker, 'Warning', reason, `${did} for volume "${volume}" : ${why}`)
  }
  if (session.now - worker.mountFrom < giveUpMs) again(session, worker)
  return false
}
/** The waits go on growing from one sync to the next, as volumes are set up beside the pod's worker. Source: pkg/util/goroutinemap/exponentialbackoff */
function again(session: Session, worker: Worker): void {
  worker.mountNextAt = session.now + Math.min(retryMostMs, retryFirstMs * 2 ** worker.mountTries++)
  session.timer(`mount ${worker.uid}`, Math.min(worker.mountNextAt - readMs, worker.mountFrom + giveUpMs))
}
/** Just before an attempt: what was missing in the one before may be there by now. */
function readMissing(session: Session, worker: Worker, needs: readonly Need[]): void {
  read(session, worker, needs.filter(n => problem(session, worker, n) !== undefined))
  session.timer(`mount ${worker.uid}`, worker.mountNextAt)
}
/** Volumes that do not come in time end the sync without an event. Source: kubelet.go (SyncPod: context errors are not recorded) */
function timedOut(session: Session, worker: Worker): void {
  worker.busy = { ...worker.busy!, actions: [worker.busy!.actions[0]], failures: [{ container: '', reason: 'FailedMount', message: '' }] }
  session.actionDone(worker)
}
/**
 * A claim that cannot be used is no volume yet: that is told and ends the sync. Source: volumemanager/populator (getPVCExtractPV), volume_manager.go
 * (WaitForAttachAndMount)
 */
function notProcessed(session: Session, worker: Worker, claims: readonly Need[], errors: readonly string[]): void {
  const volumes = claims.filter(n => claimProblem(worker, n) !== undefined).map(n => n.volume!)
  session.podEvent(
    worker, 'Warning', 'FailedMount',
    `Unable to attach or mount volumes: unmounted volumes=[${volumes.join(' ')}], unattached volumes=[], `
      + `failed to process volumes=[${volumes.join(' ')}]: ${errors.join('; ')}`
  )
  timedOut(session, worker)
}
export function unmount(session: Session, worker: Worker): void { worker.mountedAt = -1; worker.mounted = false; detached(session, worker) }

function problem(session: Session, worker: Worker, need: Need): string | undefined {
  const object = worker.objects[keyOf(need)]
  if (need.resource === 'persistentvolumeclaims') return undefined
  if (need.resource === 'csidrivers.storage.k8s.io') return object === undefined ? undefined : inlineProblem(need.name, object)
  if (need.resource === 'serviceaccounts') return object ? undefined : `failed to fetch token: ${noToken(session, worker, need, object)}`
  const word = need.resource === 'configmaps' ? 'configmap' : 'secret'
  if (object === undefined) return need.optional ? undefined : `failed to sync ${word} cache: timed out waiting for the condition`
  if (object === false) return need.optional ? undefined : `${word} "${need.name}" not found`
  const missing = need.optional ? undefined : need.keys.find(k => object.data?.[k] === undefined && object.binaryData?.[k] === undefined)
  return missing === undefined
    ? undefined
    : `${need.resource === 'configmaps' ? 'configmap references non-existent config key' : 'references non-existent secret key'}: ${missing}`
}
function noToken({ options }: Session, { pod }: Worker, { name }: Need, object: false | undefined): string {
  const server = `${options.bare ? '127.0.0.1' : apiServerAddress(0)}:6443`
  return object === false
    ? `serviceaccounts ${JSON.stringify(name)} not found`
    : `Post "https://${server}/api/v1/namespaces/${pod.metadata.namespace}/serviceaccounts/${name}/token": dial tcp ${server}: connect: connection refused`
}
/** Why a claim is no volume of the pod; of the other mode than the container has it, it never is. Source: populator (createVolumeSpec) */
function claimProblem(worker: Worker, need: Need): string | undefined {
  const object = worker.objects[keyOf(need)], failed = (why: string): string => `error processing PVC ${worker.pod.metadata.namespace}/${need.name}: ${why}`
  if (object === undefined) return undefined
  if (object === false) return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${need.name}" not found`)
  if (object.status?.phase !== 'Bound') return failed('PVC is not bound')
  const mode = object.spec.volumeMode ?? 'Filesystem', wrong = mode === 'Block' ? 'volumeMounts' : 'volumeDevices', { spec } = worker.pod
  return [...spec.containers, ...spec.initContainers ?? []].some((c: any) => c[wrong]?.some((m: any) => m.name === need.volume))
    ? `volume ${need.volume} has volumeMode ${mode}, but is specified in ${wrong}`
    : undefined
}

// ---- reading objects
function read(session: Session, worker: Worker, needs: readonly Need[]): void {
  const { namespace } = worker.pod.metadata
  for (const key of new Set(needs.map(keyOf))) {
    const [resource, name] = key.split('/')
    const request = resource === 'serviceaccounts'
      ? create(session.identity, { resource, namespace, name, subresource: 'token' }, tokenRequest(worker))
      : get(session.identity, { resource, ...resource === 'csidrivers.storage.k8s.io' ? {} : { namespace }, name })
    session.api(request, { for: 'object', uid: worker.uid, key })
  }
}
function tokenRequest({ uid, pod: { metadata: { name }, spec } }: Worker): any {
  const tokens = (spec.volumes ?? []).flatMap((v: any) => (v.projected?.sources ?? []).flatMap((s: any) => s.serviceAccountToken ?? []))
  // one stands for all: that for the API server, if there is one
  const { audience } = tokens.find((t: any) => !t.audience) ?? tokens[0] ?? {}
  const more = { ...audience ? { audiences: [audience] } : undefined, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } }
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3607, ...more } }
}
/** What is not answered keeps its last known content. */
export function objectAnswered(session: Session, worker: Worker, key: string, response: ApiResponse | undefined): void {
  if (response && isOk(response)) worker.objects = { ...worker.objects, [key]: response.body }
  else if (response?.code === 404) worker.objects = { ...worker.objects, [key]: false }
  if (worker.reading.length === 0) return
  worker.reading = worker.reading.filter(k => k !== key)
  if (worker.reading.length > 0) return
  const action = worker.busy?.actions[0]
  if (action?.do === 'start' && action.stage === 'config' || action?.do === 'sandbox') session.actionAgain(worker)
}

// ---- variables
/** The container's environment: ready, being read, or what is wrong with it. */
export function configOf(session: Session, worker: Worker, name: string): 'ready' | 'waits' | { readonly error: string } {
  const needs = variableNeeds(specOf(worker.pod, name))
  if (needs.length === 0) return 'ready'
  if (!worker.configRead) {
    worker.configRead = true
    worker.reading = [...new Set(needs.map(keyOf))]
    read(session, worker, needs)
    return 'waits'
  }
  worker.configRead = false
  for (const need of needs) {
    const object = worker.objects[keyOf(need)], [word, kind] = need.resource === 'configmaps' ? ['configmap', 'ConfigMap'] : ['secret', 'Secret']
    if (!object) {
      if (need.optional) continue
      return { error: object === false ? `${word} "${need.name}" not found` : `failed to sync ${word} cache: timed out waiting for the condition` }
    }
    const missing = need.optional ? undefined : need.keys.find(k => object.data?.[k] === undefined)
    if (missing !== undefined) return { error: `couldn't find key ${missing} in ${kind} ${worker.pod.metadata.namespace}/${need.name}` }
  }
  return 'ready'
}
