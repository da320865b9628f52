import { textOf } from '../../base/text-of-bytes.ts'
import type { Behaviour } from '../api/behaviour.ts'
import { programOf } from '../api/programs.ts'
import type { KubeObject } from '../api/request.ts'
import { addWatched, store, type Delta, type Watched } from '../network/informer.ts'
import type { Session } from './session.ts'
import { keyOf, volumeNeeds, type Need } from './volume-needs.ts'
import type { Worker } from './worker.ts'

/**
 * What ConfigMaps and Secrets put into mounted volumes: the content as of the last sync of the pod. The kubelet watches each that a pod of its node has
 * mounted; a change reaches the volume with the next sync, which comes every minute, and a mount with subPath never. Immutable ones are not watched. Source:
 * pkg/kubelet/util/manager/watch_based_manager.go, volumemanager (ReprocessPod), kubelet.go (syncFrequency);
 * https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
 */
const syncEveryMs = 60_000
type Content = Readonly<Record<string, KubeObject>>
const ofSettings = (worker: Worker): readonly Need[] => volumeNeeds(worker.pod.spec).filter(n => n.resource !== 'persistentvolumeclaims')
const watchKey = (worker: Worker, need: Need): string => `${need.resource}/${worker.pod.metadata.namespace}/${need.name}`

/** The pod's volumes are mounted: with what has just been read, or (a kubelet that has started anew) with what the watches tell. */
export function followSettings(session: Session, worker: Worker): void {
  const needs = ofSettings(worker)
  if (needs.length === 0) return
  const content: Record<string, KubeObject> = {}
  for (const need of needs) {
    const object = worker.objects[keyOf(need)]
    if (object) content[keyOf(need)] = object
    if (!(object as any)?.immutable) {
      watch(session, { key: watchKey(worker, need), resource: need.resource, namespace: worker.pod.metadata.namespace, name: need.name })
    }
  }
  worker.content = content
}
function watch(session: Session, watched: Watched): void {
  const { settings, informers } = session.state
  if (settings.some(w => w.key === watched.key)) return
  session.state = { ...session.state, settings: [...settings, watched] }
  session.effects.push(addWatched(informers, watched, session.identity, session.context))
}

/** One of them has changed: each pod that has it mounted takes it up with its next sync. */
export function settingsChanged(session: Session, { key }: Delta): void {
  for (const [uid, { stage, content }] of session.state.workers.sorted()) {
    if (stage !== 'sync' || content === undefined) continue
    const worker = session.worker(uid)!
    if (!ofSettings(worker).some(n => watchKey(worker, n) === key)) continue
    const sinceMs = session.now - worker.syncedAt
    if (Object.keys(content).length === 0) refreshSettings(session, worker)
    else session.timer(`settings ${uid}`, worker.syncedAt + Math.max(1, Math.ceil(sinceMs / syncEveryMs)) * syncEveryMs)
  }
}
/** A sync of the pod: its volumes are brought up to date; what is gone leaves them as they are, and is missed. */
export function refreshSettings(session: Session, worker: Worker): void {
  if (worker.content === undefined) return
  const { namespace } = worker.pod.metadata, { informers } = session.state
  let content: Content = worker.content
  for (const need of ofSettings(worker)) {
    const key = watchKey(worker, need), before = content[keyOf(need)]
    if (!informers.reflectors.get(key)?.synced) continue
    const object = store(informers, key).get(`${namespace}/${need.name}`)
    if (object && object.metadata.resourceVersion !== before?.metadata.resourceVersion) content = { ...content, [keyOf(need)]: object }
    if (!object && !need.optional) {
      session.podEvent(
        worker, 'Warning', 'FailedMount',
        `MountVolume.SetUp failed for volume "${need.volume}" : ${need.resource === 'configmaps' ? 'configmap' : 'secret'} "${need.name}" not found`
      )
    }
  }
  if (content !== worker.content) for (const container of worker.pod.spec.containers) takeUp(worker, container, content)
  worker.content = content
}
/** A program that reads its configuration again goes by the new one, if it can read that. */
function takeUp(worker: Worker, container: any, content: Content): void {
  const program = programOf(container), { name } = container
  if (program?.path === undefined || worker.atStart[name] === undefined) return
  const before = settingsFile(worker, name, program.path, worker.atStart[name]), text = settingsFile(worker, name, program.path, content)
  if (typeof text === 'string' && program.takesUp(before || undefined, text)) worker.atStart = { ...worker.atStart, [name]: content }
}
/** How a program ends by what it finds when it starts. */
export function endOf(worker: Worker, container: any): Pick<Behaviour, 'exit' | 'prints'> | undefined {
  const program = programOf(container)
  if (program?.path === undefined) return program?.ends(undefined)
  const text = settingsFile(worker, container.name, program.path)
  return text === false ? undefined : program.ends(text)
}

/**
 * The text of a file in a volume of ConfigMaps and Secrets; undefined: there is none; false: it is another volume. `read`: as it was then, instead of now.
 */
export function settingsFile(worker: Worker, container: string, path: string, read?: Content): string | undefined | false {
  const spec = [...worker.pod.spec.containers, ...worker.pod.spec.initContainers ?? []].find((c: any) => c.name === container)
  const mount = (spec?.volumeMounts ?? []).filter((m: any) => path === m.mountPath || path.startsWith(`${m.mountPath.replace(/\/$/, '')}/`)).sort(
    (a: any, b: any) => b.mountPath.length - a.mountPath.length
  )[0]
  const volume = worker.pod.spec.volumes?.find((v: any) => v.name === mount?.name)
  const sources: readonly any[] = volume?.configMap || volume?.secret ? [volume] : volume?.projected?.sources
  if (!sources) return false
  const rest = path.slice(mount.mountPath.replace(/\/$/, '').length + 1), file = [mount.subPath, rest].filter(Boolean).join('/')
  const content: Content = read ?? ((mount.subPath && worker.atStart[container]) || worker.content || {})
  for (const source of sources) {
    const resource = source.configMap ? 'configmaps' : 'secrets', from = source.configMap ?? source.secret
    const object: any = from && content[`${resource}/${from.name ?? from.secretName}`]
    if (!object) continue
    const item = from.items ? from.items.find((i: any) => i.path === file)?.key : file
    const binary = object.binaryData?.[item] ?? (resource === 'secrets' ? object.data?.[item] : undefined)
    if (binary !== undefined) return fromBase64(binary)
    if (object.data?.[item] !== undefined) return object.data[item]
  }
  return undefined
}
const fromBase64 = (text: string): string => textOf(Buffer.from(text, 'base64'))
