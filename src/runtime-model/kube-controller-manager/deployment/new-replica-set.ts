import { hashString } from '../../../base/hash.ts'
import type { KubeObject } from '../../api/request.ts'
import { create, update } from '../../network/client.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { safeEncode } from '../../kernel/names.ts'
import { deploymentCondition, findCondition, withCondition } from '../conditions.ts'
import { controllerOf } from '../controller.ts'
import type { View } from '../controller.ts'
import { controllerReference } from '../pods.ts'
import { errorText, isNamespaceTerminating, isOk } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf, updateStatus } from '../status-update.ts'
import { maxRevision, newSetAnnotations, revisionKey, revisionOf, withSizes } from './annotations.ts'
import { byCreation, hasDeadline, newSize } from './numbers.ts'
import type { Sets } from './numbers.ts'

/** What a pass over a Deployment works on. `deployment` changes as upstream's local copy does: its resourceVersion stays the one it began with. */
export interface Rollout { readonly io: Script; readonly view: View; readonly nowMs: number; deployment: KubeObject; readonly sets: Sets }
export interface NewAndOld { readonly fresh: KubeObject | undefined; readonly old: readonly KubeObject[] }
export const allOf = ({ fresh, old }: NewAndOld): KubeObject[] => fresh ? [...old, fresh] : [...old]

const hashLabel = 'pod-template-hash'
const withoutHash = (template: any): any => {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}
/** Templates are compared again and again, and are never changed in place. */
const texts = new WeakMap<object, string>()
function textOf(template: any): string {
  let text = texts.get(template)
  if (text === undefined) texts.set(template, text = canonical(withoutHash(template)))
  return text
}
const same = (a: any, b: any): boolean => textOf(a) === textOf(b)
export const findNew = (d: KubeObject, sets: Sets): KubeObject | undefined =>
  (sets.length > 1 ? [...sets].sort(byCreation) : sets).find(s => same(s.spec.template, d.spec.template))

/**
 * Names a template: FNV-1a, as upstream, over a text of our own, so the letters differ from a real cluster's. Source: pkg/controller/controller_utils.go
 * (ComputeHash)
 */
export const templateHash = (template: any, collisions: number | undefined): string => safeEncode(String(hashString(canonical(template) + (collisions ?? ''))))
const canonical = (value: any): string => value === null || typeof value !== 'object' ? JSON.stringify(value) ?? ''
  : Array.isArray(value) ? `[${value.map(canonical).join()}]` : `{${Object.keys(value).sort().map(k => `${k}:${canonical(value[k])}`).join()}}`

/**
 * The new ReplicaSet (made if `make`) and the old ones, with revisions brought up to date. Source: sync.go (getAllReplicaSetsAndSyncRevision, getNewReplicaSet)
 */
export function newAndOld(rollout: Rollout, make: boolean): NewAndOld {
  const { deployment, sets } = rollout, existing = findNew(deployment, sets), old = sets.filter(s => s.metadata.uid !== existing?.metadata.uid)
  const revision = maxRevision(old) + 1
  return { old, fresh: existing ? keepNew(rollout, existing, revision) : make ? makeNew(rollout, old, revision) : undefined }
}

function keepNew(rollout: Rollout, existing: KubeObject, revision: number): KubeObject {
  const { io, view, deployment: d, nowMs } = rollout, annotations = newSetAnnotations(d, existing.metadata.annotations, revision)
  const minReadySeconds = d.spec.minReadySeconds ?? 0
  if (!deepEqual(annotations, existing.metadata.annotations) || (existing.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const body = { ...existing, metadata: { ...existing.metadata, annotations }, spec: { ...existing.spec, minReadySeconds } }
    return io.ask(() => update(view.identity, targetOf('replicasets.apps', existing), body)).body
  }
  const progressing = hasDeadline(d) && !findCondition(d.status?.conditions, 'Progressing')
  const condition = progressing
    ? deploymentCondition('Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${existing.metadata.name}"`, nowMs)
    : undefined
  noteRevision(rollout, revisionOf(existing), condition)
  return existing
}

function makeNew(rollout: Rollout, old: Sets, revision: number): KubeObject {
  const { io, view, deployment: d, nowMs } = rollout, body = newSetFor(d, old, revision), { name } = body.metadata
  const answer = io.ask(() => create(view.identity, { resource: 'replicasets.apps', namespace: d.metadata.namespace }, body), 'any')
  if (answer.code === 409 && answer.body?.reason === 'AlreadyExists') {
    const there = view.get('replicasets.apps', d.metadata.namespace, name)
    if (!there) return io.fail(`replicaset.apps "${name}" not found`)
    if (controllerOf(there)?.uid === d.metadata.uid && same(there.spec.template, d.spec.template)) { noteRevision(rollout, revision); return there }
    updateStatus(io, view.identity, 'deployments.apps', d, { ...d.status, collisionCount: (d.status?.collisionCount ?? 0) + 1 })
    io.fail(errorText(answer))
  }
  if (!isOk(answer)) {
    if (!isNamespaceTerminating(answer)) creationFailed(rollout, `Failed to create new replica set "${name}": ${errorText(answer)}`)
    io.fail(errorText(answer))
  }
  if (body.spec.replicas > 0) {
    io.do({
      do: 'event',
      event: { regarding: d, type: 'Normal', reason: 'ScalingReplicaSet', message: `Scaled up replica set ${name} from 0 to ${body.spec.replicas}` },
    })
  }
  noteRevision(
    rollout, revision,
    hasDeadline(d) ? deploymentCondition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`, nowMs) : undefined
  )
  return answer.body
}

function newSetFor(d: KubeObject, old: Sets, revision: number): any {
  const hash = templateHash(d.spec.template, d.status?.collisionCount), labels = { ...d.spec.template.metadata?.labels, [hashLabel]: hash }
  const metadata = {
    name: `${d.metadata.name}-${hash}`, namespace: d.metadata.namespace, labels,
    annotations: withSizes(newSetAnnotations(d, undefined, revision), d), ownerReferences: [controllerReference(d)],
  }
  const spec = {
    replicas: 0, ...d.spec.minReadySeconds ? { minReadySeconds: d.spec.minReadySeconds } : undefined,
    selector: { ...d.spec.selector, matchLabels: { ...d.spec.selector.matchLabels, [hashLabel]: hash } },
    template: { ...d.spec.template, metadata: { ...d.spec.template.metadata, labels } },
  }
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec } as unknown as KubeObject
  return { ...set, spec: { ...spec, replicas: newSize(d, [...old, set], set) } }
}

function creationFailed({ io, view, deployment: d, nowMs }: Rollout, message: string): void {
  if (hasDeadline(d)) {
    const conditions = withCondition(d.status?.conditions, deploymentCondition('Progressing', 'False', 'ReplicaSetCreateError', message, nowMs))
    updateStatus(io, view.identity, 'deployments.apps', d, { ...d.status, conditions })
  }
  io.do({ do: 'event', event: { regarding: d, type: 'Warning', reason: 'ReplicaSetCreateError', message } })
}

/** The Deployment says which revision is its newest; a changed annotation and a new condition go in one write of the status. */
function noteRevision(rollout: Rollout, revision: number, condition?: ReturnType<typeof deploymentCondition>): void {
  const { io, view, deployment: d } = rollout
  if (d.metadata.annotations?.[revisionKey] === String(revision) && !condition) return
  const status = condition ? { ...d.status, conditions: withCondition(d.status?.conditions, condition) } : d.status ?? {}
  rollout.deployment = { ...d, metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, [revisionKey]: String(revision) } }, status }
  updateStatus(io, view.identity, 'deployments.apps', rollout.deployment, status)
}
