import { claimsAskedFor, claimsResource as claims, deleteProtection, deviceClaimName, deviceClaimNames } from '../../api/device-claims.ts'
import type { KubeObject } from '../../api/request.ts'
import { create, patch, remove, update } from '../../network/client.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'

/**
 * Claims of devices: one is made of a template for each pod that asks so, and devices are free again once no pod is left that a claim is reserved for.
 * Approximate: that a claim made for a pod goes with it is the garbage collector's business upstream. Keys: `pod <namespace>/<name>`,
 * `claim <namespace>/<name>`.
 */
const templates = 'resourceclaimtemplates.resource.k8s.io', podMark = 'resource.kubernetes.io/pod-claim-name'

export const resourceClaim = defineController({
  name: 'resource-claim',
  eventSource: 'resource_claim',
  wokenBy: ({ key, new: pod }) => key === 'pods' && pod !== undefined && claimsAskedFor(pod).length > 0,
  watches: [
    { resource: 'pods', toKeys: delta => keysOfPod(objectOf(delta)) },
    { resource: claims, toKeys: delta => [`claim ${keyOf(objectOf(delta))}`] },
    { resource: templates, toKeys: () => NO_KEYS },
  ],
  onStart: view => [...view.list('pods').flatMap(keysOfPod), ...view.list(claims).map(claim => `claim ${keyOf(claim)}`)],
  reconcile: script(begin, run),
  source: 'pkg/controller/resourceclaim/controller.go',
})

const none: readonly any[] = []
function keysOfPod(pod: KubeObject): Keys {
  const all = deviceClaimNames(pod)
  if (all.length === 0) return NO_KEYS
  const { namespace } = pod.metadata
  return [`pod ${keyOf(pod)}`, ...all.flatMap(name => name ? [`claim ${namespace}/${name}`] : [])]
}

interface Snapshot { readonly pod?: KubeObject; readonly claim?: KubeObject }
function begin(key: string, view: View): Snapshot | undefined {
  const [what, path] = key.split(' '), { namespace, name } = splitKey(path)
  if (what === 'pod') {
    const pod = view.get('pods', namespace, name)
    return pod && !pod.metadata.deletionTimestamp && !isFinished(pod) ? { pod } : undefined
  }
  const claim = view.get(claims, namespace, name)
  return claim && { claim }
}
function run(io: Script, { pod, claim }: Snapshot, view: View): void {
  if (pod) make(io, pod, view)
  else if (claim) free(io, claim, view)
}

// ---- claims of templates
function make(io: Script, pod: KubeObject, view: View): void {
  const { namespace, name: podName, uid } = pod.metadata, made: { readonly name: string; readonly resourceClaimName: string }[] = []
  for (const asked of claimsAskedFor(pod)) {
    const { name, resourceClaimTemplateName: from } = asked
    if (from === undefined || deviceClaimName(pod, asked) !== undefined) continue
    const isMade = (c: KubeObject): boolean => c.metadata.annotations?.[podMark] === name && controllerOf(c)?.uid === uid
    const there = io.look(() => view.list(claims, namespace).find(isMade)?.metadata.name)
    if (there !== undefined) { made.push({ name, resourceClaimName: there }); continue }
    const template: any = io.look(() => view.get(templates, namespace, from))
    const say = (why: string): void => {
      const message = `PodResourceClaim ${name}: ${why}`
      io.do({ do: 'event', event: { regarding: pod, type: 'Warning', reason: 'FailedResourceClaimCreation', message, component: 'resource_claim' } })
      io.do({ do: 'retry', why: message })
    }
    if (!template) return say(`resource claim template "${from}": resourceclaimtemplate.resource.k8s.io "${from}" not found`)
    const { labels, annotations } = template.spec.metadata ?? {}
    const answer = io.ask(() => create(view.identity, { resource: claims, namespace }, {
      apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim',
      metadata: {
        generateName: `${podName}-${name}-`, labels, annotations: { ...annotations, [podMark]: name },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: podName, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec: template.spec.spec,
    }), 'any')
    if (!isOk(answer)) return say(`create ResourceClaim : ${errorText(answer)}`)
    made.push({ name, resourceClaimName: answer.body.metadata.name })
  }
  if (made.length === 0) return
  const known: readonly any[] = pod.status?.resourceClaimStatuses ?? none
  const resourceClaimStatuses = [...known.filter(k => !made.some(m => m.name === k.name)), ...made]
  io.ask(
    () => patch(view.identity, { resource: 'pods', namespace, name: podName, subresource: 'status' }, 'application/strategic-merge-patch+json', {
      metadata: { uid }, status: { resourceClaimStatuses },
    }), [404, 409]
  )
}

// ---- devices that nobody needs any more
function free(io: Script, claim: KubeObject, view: View): void {
  const { namespace, name, uid } = claim.metadata, target = { resource: claims, namespace, name }
  const reserved: readonly any[] = claim.status?.reservedFor ?? none
  const needed = io.look(() => reserved.filter(r => r.resource !== 'pods' || r.apiGroup || isThere(view.get('pods', namespace, r.name), r.uid)))
  let newest: any = claim
  if (needed.length < reserved.length) {
    const { allocation, ...status } = claim.status
    newest = io.ask(() => update(view.identity, { ...target, subresource: 'status' }, {
      ...claim, status: needed.length > 0 ? { ...claim.status, reservedFor: needed } : { ...status, reservedFor: undefined },
    }), [404, 409]).body
    if (newest?.kind !== 'ResourceClaim') return
  }
  if (needed.length > 0) return
  // one that has it and nothing else is about to get its devices
  const freed = reserved.length > 0 || newest.metadata.deletionTimestamp !== undefined
  if (freed && newest.metadata.finalizers?.includes(deleteProtection)) {
    const finalizers = newest.metadata.finalizers.filter((f: string) => f !== deleteProtection)
    newest = io.ask(() => update(view.identity, target, { ...newest, metadata: { ...newest.metadata, finalizers } }), [404, 409]).body
    if (newest?.kind !== 'ResourceClaim') return
  }
  const owner = claim.metadata.ownerReferences?.find(o => o.controller && o.kind === 'Pod')
  const goes = owner !== undefined && !claim.metadata.deletionTimestamp && io.look(() => !isThere(view.get('pods', namespace, owner.name), owner.uid))
  if (goes) io.ask(() => remove(view.identity, target, { preconditions: { uid } }), [404, 409])
}
function isThere(pod: KubeObject | undefined, uid: string): boolean { return pod !== undefined && pod.metadata.uid === uid && !isFinished(pod) }
