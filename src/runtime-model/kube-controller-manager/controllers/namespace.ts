import type { ApiResponse, KubeObject } from '../../api/request.ts'
import { formatTime, parseTime } from '../../api/time.ts'
import { get, request, update } from '../../network/client.ts'
import { undiscovered } from '../api-services.ts'
import { defineController, NO_KEYS, objectOf } from '../controller.ts'
import type { View } from '../controller.ts'
import { deletionConditions, discoveryError } from '../namespace/conditions.ts'
import type { Remaining } from '../namespace/conditions.ts'
import { namespacedResources } from '../namespaced-resources.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'

/** Other API servers must have seen that the namespace ends, so that nothing new comes in. */
const graceMs = 5000
/** estimate for content that waits for the garbage collector or for somebody's finalizer */
const finalizerEstimateSeconds = 15

/** Deletes what is in a namespace that ends, pods first, and lets the namespace go when nothing is left. */
export const namespace = defineController({
  name: 'namespace',
  watches: [{
    resource: 'namespaces',
    toKeys: delta => delta.new?.metadata.deletionTimestamp === undefined ? NO_KEYS : [{ key: objectOf(delta).metadata.name, afterMs: graceMs }],
  }],
  reconcile: script(begin, run),
  workers: 10,
  qps: { perSecond: 400, burst: 600 },
  source: 'pkg/controller/namespace/{namespace_controller.go,deletion/namespaced_resources_deleter.go}',
})

interface Snapshot { readonly name: string; readonly nowMs: number }
function begin(key: string, view: View): Snapshot | undefined { return view.get('namespaces', '', key) ? { name: key, nowMs: view.wallMs } : undefined }

function run(io: Script, { name, nowMs }: Snapshot, view: View): void {
  const found = io.ask(() => get(view.identity, { resource: 'namespaces', name }), [404])
  const object: KubeObject = found.body
  if (found.code === 404 || object.metadata.deletionTimestamp === undefined || !object.spec.finalizers?.includes('kubernetes')) return
  const stale = io.look(() => undiscovered(view)), { remaining: left, estimate } = deleteContent(io, object, nowMs, view)
  const remaining: Remaining = { ...left, undiscovered: stale }
  const conditions = deletionConditions(object, remaining, formatTime(nowMs))
  if (conditions.some((c, i) => c !== object.status?.conditions?.[i])) {
    io.ask(() => update(view.identity, { resource: 'namespaces', name, subresource: 'status' }, { ...object, status: { ...object.status, conditions } }), [409])
  }
  if (stale.length > 0) io.fail(discoveryError(stale))
  if (remaining.errors.length > 0) io.fail(remaining.errors[0])
  if (estimate > 0) return io.do({ do: 'requeueAfter', ms: (Math.floor(estimate / 2) + 1) * 1000 })
  finalize(io, name, view)
}

/** The namespace's own finalizer goes; a conflict is tried again on the newest object. */
function finalize(io: Script, name: string, view: View): void {
  for (let tries = 0; tries < 5; tries++) {
    const fresh = io.ask(() => get(view.identity, { resource: 'namespaces', name }), [404])
    if (fresh.code === 404) return
    const { spec } = fresh.body, finalizers = (spec.finalizers ?? []).filter((f: string) => f !== 'kubernetes')
    const answer = io.ask(
      () => update(view.identity, { resource: 'namespaces', name, subresource: 'finalize' }, { ...fresh.body, spec: { ...spec, finalizers } }), [404, 409]
    )
    if (answer.code !== 409) return
  }
}

interface Content { readonly remaining: Remaining; readonly estimate: number }
function deleteContent(io: Script, namespace: KubeObject, nowMs: number, view: View): Content {
  const errors: string[] = [], counts = new Map<string, number>(), finalizers = new Map<string, number>()
  let estimate = 0
  const pods = deleteAll(io, namespace, { resource: 'pods', version: 'v1' }, nowMs, view)
  if (pods.error !== undefined) errors.push(pods.error)
  // While pods are going nothing else is touched, nor counted.
  if (pods.left > 0 || pods.error !== undefined) return { remaining: { counts, finalizers, errors, undiscovered: [] }, estimate: pods.estimate }
  for (const resource of namespacedResources(view)) {
    if (resource.resource === 'pods') continue
    const result = deleteAll(io, namespace, resource, nowMs, view)
    if (result.error !== undefined) errors.push(result.error)
    if (result.left > 0) counts.set(resource.resource.includes('.') ? resource.resource : `${resource.resource}.`, result.left)
    for (const [finalizer, n] of result.finalizers) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + n)
    estimate = Math.max(estimate, result.estimate)
  }
  return { remaining: { counts, finalizers, errors, undiscovered: [] }, estimate }
}

interface Left { readonly left: number; readonly estimate: number; readonly finalizers: ReadonlyMap<string, number>; readonly error?: string }
const gone: Left = { left: 0, estimate: 0, finalizers: new Map() }
function deleteAll(io: Script, namespace: KubeObject, target: { readonly resource: string; readonly version: string }, nowMs: number, view: View): Left {
  const { name } = namespace.metadata, inNamespace = { ...target, namespace: name }, isPods = target.resource === 'pods'
  const graceSeconds = isPods ? podGrace(io.ask(() => request(view.identity, 'list', inNamespace)), namespace, nowMs) : 0
  const deleted = io.ask(() => request(view.identity, 'deletecollection', inNamespace, { body: { propagationPolicy: 'Background' } }), 'any')
  if (!isOk(deleted) && ![404, 405].includes(deleted.code)) return { ...gone, error: errorText(deleted) }
  const listed = io.ask(() => request(view.identity, 'list', inNamespace), 'any')
  if (!isOk(listed)) return [404, 405].includes(listed.code) ? gone : { ...gone, error: errorText(listed) }
  const items: readonly KubeObject[] = listed.body.items ?? []
  if (items.length === 0) return gone
  const finalizers = new Map<string, number>()
  for (const item of items) for (const f of item.metadata.finalizers ?? []) finalizers.set(f, (finalizers.get(f) ?? 0) + 1)
  if (graceSeconds > 0) return { left: items.length, estimate: graceSeconds, finalizers }
  if (finalizers.size > 0) return { left: items.length, estimate: finalizerEstimateSeconds, finalizers }
  return { left: items.length, estimate: 0, finalizers, error: `unexpected items still remain in namespace: ${name} for gvr: ${gvrText(target)}` }
}
function gvrText({ resource, version }: { readonly resource: string; readonly version: string }): string {
  const dot = resource.indexOf('.')
  return `${dot < 0 ? '' : resource.slice(dot + 1)}/${version}, Resource=${dot < 0 ? resource : resource.slice(0, dot)}`
}

/** How long the slowest running pod may take, seconds; 0 once the namespace has been ending for so long. Source: estimateGracefulTermination */
function podGrace(listed: ApiResponse, namespace: KubeObject, nowMs: number): number {
  const running = (listed.body?.items ?? []).filter((p: any) => p.status?.phase !== 'Succeeded' && p.status?.phase !== 'Failed')
  const seconds = Math.max(0, ...running.map((p: any) => p.spec.terminationGracePeriodSeconds ?? 0))
  return nowMs - parseTime(namespace.metadata.deletionTimestamp!) >= seconds * 1000 ? 0 : seconds
}
