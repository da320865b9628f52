import type { KubeObject } from '../../api/request.ts'
import { create, remove, update } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { mayMirror, mirroredBy, planMirror } from '../endpoints/mirror.ts'
import type { Mirror } from '../endpoints/mirror.ts'
import { managedByLabel, serviceNameLabel } from '../endpoints/slices.ts'
import { errorText, isNamespaceTerminating, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'

const resource = 'endpointslices.discovery.k8s.io'
/** a slice that changes is looked at again a second later: mostly it was our own write */
const changeDelayMs = 1000
const mirrorsByService: Index = {
  name: 'mirrored endpointslices by service', resource,
  keysOf: slice => slice.metadata.labels?.[managedByLabel] === mirroredBy ? [`${slice.metadata.namespace}/${slice.metadata.labels[serviceNameLabel]}`] : [],
}

/** Mirrors Endpoints that people write, for Services without a selector, into EndpointSlices. */
export const endpointSliceMirroring = defineController({
  name: 'endpointslicemirroring', eventSource: 'endpoint-slice-mirroring-controller',
  watches: [{ resource: 'endpoints', toKeys: keysOfEndpoints }, { resource: 'services', toKeys: keysOfService }, { resource, toKeys: keysOfSlice }],
  indexes: [mirrorsByService],
  retries: { baseMs: 5, limit: 15 },
  reconcile: script(begin, run),
  source: 'pkg/controller/endpointslicemirroring/{endpointslicemirroring_controller,reconciler,utils}.go',
})

function keysOfEndpoints({ name, stored, new: endpoints }: Delta): Keys { return mayMirror(stored) || mayMirror(endpoints) ? [name] : NO_KEYS }
/** What matters of a Service is whether it has a selector. */
function keysOfService({ name, stored, new: service }: Delta, view: View): Keys {
  const { namespace, name: plain } = splitKey(name)
  if (stored && service && !stored.spec.selector === !service.spec.selector) return NO_KEYS
  return view.get('endpoints', namespace, plain) || view.count(mirrorsByService, name) > 0 ? [name] : NO_KEYS
}
function keysOfSlice(delta: Delta): Keys {
  const slice = objectOf(delta), [key] = mirrorsByService.keysOf(slice)
  return key && !(delta.type === 'MODIFIED' && delta.stored!.metadata.generation === slice.metadata.generation) ? [{ key, afterMs: changeDelayMs }] : NO_KEYS
}

interface Snapshot { readonly endpoints?: KubeObject; readonly plan: Mirror }
function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), endpoints = view.get('endpoints', namespace, name), service = view.get('services', namespace, name)
  const slices = view.by(mirrorsByService, key)
  const existing = slices.filter(s => s.metadata.deletionTimestamp === undefined)
  if (mayMirror(endpoints) && service && !service.spec.selector) return { endpoints, plan: planMirror(endpoints, existing) }
  return existing.length === 0 ? undefined : { endpoints, plan: { create: [], update: [], delete: existing, skipped: 0 } }
}

function run(io: Script, { endpoints, plan }: Snapshot, view: View): void {
  const { identity } = view
  const warn = (reason: string, message: string): void => {
    if (endpoints) io.do({ do: 'event', event: { regarding: { ...endpoints, apiVersion: 'v1', kind: 'Endpoints' }, type: 'Warning', reason, message } })
  }
  if (plan.skipped > 0) {
    warn('TooManyAddressesToMirror', `A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. ${plan.skipped} addresses were skipped`)
  }
  const check = (answer: ReturnType<Script['ask']>, what: string): void => {
    if (isOk(answer) || isNamespaceTerminating(answer) || what === 'delete' && answer.code === 404) return
    const message = `failed to ${what} EndpointSlice: ${errorText(answer)}`
    warn('FailedToUpdateEndpointSlices', `Error updating EndpointSlices: ${message}`)
    io.fail(message)
  }
  for (const slice of plan.create) check(io.ask(() => create(identity, { resource, namespace: slice.metadata.namespace }, slice), 'any'), 'create')
  for (const slice of plan.update) check(io.ask(() => update(identity, targetOf(resource, slice), slice), 'any'), 'update')
  for (const slice of plan.delete) check(io.ask(() => remove(identity, targetOf(resource, slice)), 'any'), 'delete')
}
