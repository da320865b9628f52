import { Kernel } from '../../src/runtime-model/kernel/kernel.ts'
import type { Observation } from '../../src/runtime-model/kernel/observation.ts'
import type { Actor } from '../../src/runtime-model/kernel/actor.ts'
import type { ApiRequest, ApiResponse, Credentials } from '../../src/runtime-model/api/request.ts'
import { bootstrapObjects, nodeRules } from '../../src/runtime-model/bootstrap/objects.ts'
import { CLIENT_ID, clientActor, type ClientState } from '../../src/runtime-model/client-actor.ts'
import { etcdMember } from '../../src/runtime-model/etcd/index.ts'
import { kubeApiserver } from '../../src/runtime-model/kube-apiserver/index.ts'
import { registry } from '../../src/runtime-model/kinds/index.ts'

/** API servers and their etcd, nothing else: who asks is the test. */
export interface Servers {
  readonly kernel: Kernel
  ask(request: Partial<ApiRequest>): ApiResponse
  /** `create configmaps default/a {"data":{"a":"1"}}` → `201 configmap a`, `409 AlreadyExists configmaps "a" already exists` */
  say(line: string, rest?: Partial<ApiRequest>): string
  submit(request: Partial<ApiRequest>): number
  answer(id: number): ApiResponse | undefined
  fork(): Servers
}
export const admin: Credentials = { user: 'kubernetes-admin', groups: ['system:masters'] }

export function startServers(options: { readonly servers?: number; readonly seed?: number; readonly version?: string; readonly actors?: readonly Actor[] } = {}): Servers {
  const kernel = new Kernel({ seed: options.seed ?? 1, epochMs: 1_767_225_600_000, trace: 'full' })
  const hosts = Array.from({ length: options.servers ?? 1 }, (_, i) => `cp-${i + 1}`), members = hosts.map((_, i) => `etcd-${i + 1}`)
  const initial = bootstrapObjects({
    atMs: kernel.options.epochMs, bare: true, managed: false, controlPlaneNodes: hosts, apiServerAddresses: ['172.18.0.2'], kubernetesVersion: 'v1.35.4',
  })
  members.forEach((name, i) => kernel.add(etcdMember({ name, host: hosts[i], members, initial, encryptedResources: [] })))
  hosts.forEach((host, i) => kernel.add(kubeApiserver({
    host, version: options.version ?? '1.35.4', etcd: `etcd/${members[i]}`, serviceCidr: '10.96.0.0/12', encryptedResources: [], managed: false, bare: true,
    nodeRules,
  })))
  kernel.add(clientActor())
  kernel.runTo(5000)
  for (const actor of options.actors ?? []) kernel.add(actor)
  kernel.runTo(5100)
  return over(kernel)
}

/** With the account that pods of namespace default run as, and what these lines make. */
export function serversThatHave(...lines: readonly string[]): Servers {
  const servers = startServers()
  for (const line of ['create serviceaccounts default/default', ...lines]) {
    const answer = servers.say(line)
    if (!answer.startsWith('20')) throw new Error(`${line}: ${answer}`)
  }
  servers.kernel.runTo(servers.kernel.now + 100)
  return servers
}
/** the body of a pod with one container */
export const podBody = (spec: any = {}, container: any = {}): string =>
  JSON.stringify({ spec: { containers: [{ name: 'app', image: 'i', ...container }], ...spec } })

function over(kernel: Kernel): Servers {
  const answers = (): ClientState['answers'] => kernel.stateOf<ClientState>(CLIENT_ID).answers
  const submit = (request: Partial<ApiRequest>): number => {
    const id = kernel.nextId()
    const full = { verb: 'get', group: '', version: 'v1', resource: '', credentials: admin, userAgent: 'kubectl', ...request } as ApiRequest
    kernel.sendFrom(CLIENT_ID, { do: 'send', to: 'kube-apiserver', message: { type: 'request', id, request: full } })
    return id
  }
  const ask = (request: Partial<ApiRequest>): ApiResponse => {
    const id = submit(request)
    while (answers().get(String(id)) === undefined) if (!kernel.stepOnce()) throw new Error('never answered')
    return answers().get(String(id))!
  }
  return {
    kernel, ask, submit, answer: id =>
      answers().get(String(id)), say: (line, rest) => textOf(ask({ ...parse(line), ...rest })), fork: () => over(kernel.fork()),
  }
}

/** `VERB RESOURCE[/SUBRESOURCE] [NAMESPACE/][NAME] [BODY]`; cluster-scoped kinds have no namespace. */
function parse(line: string): Partial<ApiRequest> {
  const [, verb, resource, subresource, where = '', body] = /^(\w+) ([^\s/]+)(?:\/(\w+))?(?: ([^\s{[]\S*))?(?: ?([{[].*))?$/.exec(line)!
  const kind = registry.byResource(resource) ?? registry.find(resource)!
  const [namespace, name] = where.includes('/') ? where.split('/') : kind.namespaced ? [where, ''] : ['', where]
  return {
    verb: verb as ApiRequest['verb'], group: kind.group, version: kind.version, resource: kind.resource, subresource,
    namespace: kind.namespaced ? namespace || undefined : undefined,
    name: verb === 'create' && !subresource ? undefined : name || undefined,
    body: verb === 'create' && !subresource
      ? { ...JSON.parse(body ?? '{}'), metadata: { ...name ? { name } : undefined, ...JSON.parse(body ?? '{}').metadata } }
      : body || subresource === 'binding' || subresource === 'eviction'
      ? { ...verb === 'create' && subresource !== 'token' ? { metadata: { name } } : undefined, ...JSON.parse(body ?? '{}') }
      : undefined,
    ...verb === 'patch' ? { patchType: body?.startsWith('[') ? 'application/json-patch+json' : 'application/merge-patch+json' } : undefined,
  }
}

export function textOf({ code, body, failure, warnings }: ApiResponse): string {
  const tail = (warnings ?? []).map(w => ` warning: ${w}`).join('')
  if (code === 0) return `0 ${failure}`
  if (typeof body !== 'object') return `${code} ${body}`
  if (body.kind === 'Status' && code >= 300) return `${code} ${body.reason ? `${body.reason} ` : ''}${body.message}${tail}`
  if (body.items) return `${code} ${body.items.map((o: any) => o.metadata.name).join(' ')}${tail}`
  return `${code} ${body.kind === 'Status' ? body.status : `${body.kind.toLowerCase()} ${body.metadata?.name ?? ''}`}${tail}`
}

/** A client that watches one resource and remembers what it was told: `ADDED a`, `MODIFIED a`. */
export interface WatcherState {
  readonly told: readonly string[]
  readonly stream: number
  readonly call: number
  readonly closed: boolean
  readonly revision: number
}
export const watcher = (id: string, request: Partial<ApiRequest>): Actor<WatcherState> => ({
  id, component: 'watcher', host: `host-${id}`, supervised: false,
  init: () => ({ told: [], stream: 0, call: 0, closed: false, revision: 0 }),
  step(state, input, context) {
    if (input.on === 'start') {
      const call = context.nextId()
      const full = { verb: 'watch', group: '', version: 'v1', resource: 'configmaps', credentials: admin, userAgent: 'test', ...request } as ApiRequest
      return { state: { ...state, call }, effects: [{ do: 'send', to: 'kube-apiserver', message: { type: 'request', id: call, request: full } }] }
    }
    if (input.on === 'closed') return { state: { ...state, closed: true }, effects: [] }
    if (input.on !== 'message') return { state, effects: [] }
    const m = input.message as any
    if (m.type === 'response') {
      return { state: { ...state, stream: m.stream ?? 0, told: m.response.code === 200 ? state.told : [...state.told, textOf(m.response)] }, effects: [] }
    }
    const told = m.events.map((e: any) => e.type === 'ERROR' ? `ERROR ${e.object.code} ${e.object.message}` : `${e.type} ${e.object.metadata.name}`)
    return { state: { ...state, told: [...state.told, ...m.initial ? [`initially ${told.length}`] : [], ...told], revision: m.revision }, effects: [] }
  },
})
export const toldTo = (servers: Servers, id: string): readonly string[] => servers.kernel.stateOf<WatcherState>(id).told
export const observations = (servers: Servers, from = 0): Observation[] => [...servers.kernel.trace.history()].filter(o => o.id > from)
