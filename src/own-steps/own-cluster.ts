import { parseDuration } from '../base/duration.ts'
import type { Driver, PodTruth } from '../drivers/driver.ts'
import type { StepArgument } from '../dsl/step-ast.ts'
import type { KindName } from '../library.ts'
import type { KubeKinds } from '../runtime-model/api/generated/types.ts'
import type { ApiRequest, ApiResponse, PatchType } from '../runtime-model/api/request.ts'
import { isOk } from '../runtime-model/api/request.ts'
import { registry, storageName } from '../runtime-model/kinds/index.ts'
import { environmentOf } from '../steps/command.ts'
import type { CommandOutcome, ScenarioContext } from '../steps/context.ts'
import type { Kind, Subject } from './arguments.ts'

/** What `cluster.fail` throws: the step failed, and says why. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly notes: readonly string[]
  constructor(message: string, notes: readonly string[] = []) { super(message); this.notes = notes }
}
/** The API server said no, or nobody answered; the step fails with its words unless it catches this. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly response: ApiResponse
  constructor(what: string, response: ApiResponse) { super(`${what}: ${response.body?.message ?? response.failure ?? response.code}`); this.response = response }
}

type AnyKind = KindName | (string & {})
type ObjectOf<K> = K extends KindName ? KubeKinds[K] : any
type Named = { readonly namespace?: string }
/** Virtual ms, or `30s`, `1m30s`. */
type Duration = number | string

/**
 * The cluster under test, as a step of one's own sees it. Kinds are named as in manifests (`Deployment`) or as kubectl takes them; namespaces are
 * the scenario's current one unless said otherwise; times are virtual.
 */
export interface OwnCluster {
  /** virtual ms since the cluster was up */
  readonly now: number
  /** the namespace that names without one mean */
  readonly namespace: string
  /** rows of the table below the step, the header too */
  readonly table?: readonly (readonly string[])[]
  /** text of the doc string below the step */
  readonly docString?: string
  /** what the steps of one scenario share; empty when it begins */
  readonly notes: Map<string, unknown>
  /** everything else that a cluster offers */
  readonly driver: Driver

  /** undefined: there is none */
  get<K extends AnyKind>(kind: K, name: string, at?: Named): Promise<ObjectOf<K> | undefined>
  get(subject: Subject): Promise<any>
  list<K extends AnyKind>(kind: K, at?: Named & { readonly labelSelector?: string; readonly fieldSelector?: string; readonly allNamespaces?: boolean }): Promise<readonly ObjectOf<K>[]>
  create<T extends Written>(object: T): Promise<any>
  /** Server-side apply. */
  apply<T extends Written>(object: T): Promise<any>
  patch(subject: Subject | { readonly kind: AnyKind; readonly name: string; readonly namespace?: string }, patch: unknown, options?: { readonly type?: PatchType; readonly subresource?: string }): Promise<any>
  delete(subject: Subject | { readonly kind: AnyKind; readonly name: string; readonly namespace?: string }, options?: Readonly<Record<string, unknown>>): Promise<void>
  /** Any request, as the user that the scenario acts as; answers are not judged. */
  request(request: Omit<ApiRequest, 'credentials' | 'userAgent'>): Promise<ApiResponse>
  /** A command line (`kubectl get pods`): what it printed, and its code. */
  run(command: string): Promise<CommandOutcome>

  /** The object as etcd has it, whether or not an API server answers. */
  stored<K extends AnyKind>(kind: K, name: string, at?: Named): ObjectOf<K> | undefined
  stored(subject: Subject): any
  storedList<K extends AnyKind>(kind: K, at?: Named): readonly ObjectOf<K>[]
  /** What runs on the nodes for a pod, whatever the API says. */
  onTheNode(name: string, at?: Named): PodTruth | undefined

  advance(duration: Duration): Promise<void>
  /** Lets time run until `done`, asked after each event. false: it did not come within that time (default: the deadline of `eventually`). */
  until(done: () => boolean, within?: Duration): Promise<boolean>
  /** Breaks something (`kscenario steps` lists the faults), and mends it. */
  inject(fault: string, args?: Readonly<Record<string, unknown>>): void
  heal(fault: string, args?: Readonly<Record<string, unknown>>): boolean
  /** content of a file beside the feature file, or under --manifests */
  readFile(path: string): string | undefined
  /** The step fails, for this reason. */
  fail(message: string, ...notes: readonly string[]): never
}
interface Written { readonly apiVersion?: string; readonly kind: AnyKind; readonly metadata: { readonly name?: string; readonly generateName?: string; readonly namespace?: string } }

/** where a scenario's context keeps its handle: a map beside it would keep both alive for longer */
const HANDLE = Symbol('handle')

/** One handle a scenario; each step has its own table or doc string on it. */
export function ownCluster(context: ScenarioContext, argument: StepArgument): OwnCluster {
  const keeper = context as { [HANDLE]?: OwnCluster }
  const own = Object.create(keeper[HANDLE] ??= handleOn(context))
  own.table = argument.table
  own.docString = argument.docString?.content
  return own
}

function handleOn(context: ScenarioContext): OwnCluster {
  // a step that asks nothing of the cluster does not start one
  const cluster = { get driver(): Driver { return context.driver() } }
  const request: OwnCluster['request'] = asked => cluster.driver.request({ ...asked, credentials: context.credentials, userAgent: 'kscenario' })
  const ask = async (kind: Kind, verb: ApiRequest['verb'], name: string | undefined, namespace: string | undefined, rest: Partial<ApiRequest> = {}): Promise<any> => {
    const response = await request({ verb, group: kind.group, version: kind.version, resource: kind.resource, namespace: kind.namespaced ? namespace : undefined, name, fieldManager: 'kscenario', ...rest })
    if (isOk(response)) return response.body
    if (verb === 'get' && response.code === 404) return undefined
    throw new Refused(`${verb} ${kind.kind}${name ? ` ${name}` : ''}`, response)
  }
  const written = (object: Written) => {
    const kind = kindOf(object.kind), namespace = object.metadata.namespace ?? context.namespace
    return { kind, namespace, body: { apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, ...object, kind: kind.kind } }
  }
  const place = (of: string | Subject, name?: string, at?: Named): { readonly kind: Kind; readonly name: string; readonly namespace: string } => {
    if (typeof of !== 'string') return { kind: kindOf(of.resource ?? of.kind), name: of.name, namespace: of.namespace ?? context.namespace }
    return { kind: kindOf(of), name: name!, namespace: at?.namespace ?? context.namespace }
  }
  const stored = (kind: Kind, namespace: string, name: string): any => cluster.driver.stored(storageName(kind.group, kind.resource), kind.namespaced ? namespace : '', name)
  return {
    get now() { return cluster.driver.now() },
    get namespace() { return context.namespace },
    notes: new Map(), get driver() { return cluster.driver }, request,
    get: (of: any, name?: any, at?: Named) => { const { kind, name: called, namespace } = place(of, name, at); return ask(kind, 'get', called, namespace) },
    list: async (of, { namespace = context.namespace, allNamespaces, ...rest } = {}) => (await ask(kindOf(of), 'list', undefined, allNamespaces ? undefined : namespace, rest)).items,
    create: object => { const { kind, namespace, body } = written(object); return ask(kind, 'create', undefined, namespace, { body }) },
    apply: object => { const { kind, namespace, body } = written(object); return ask(kind, 'patch', body.metadata.name, namespace, { body, patchType: 'application/apply-patch+yaml', force: true }) },
    patch: (of, body, { type = 'application/merge-patch+json', subresource } = {}) => { const { kind, name, namespace } = place(of as Subject); return ask(kind, 'patch', name, namespace, { body, patchType: type, subresource }) },
    delete: async (of, options = {}) => { const { kind, name, namespace } = place(of as Subject); await ask(kind, 'delete', name, namespace, { body: options }) },
    async run(command) {
      const { runCommandLine } = await import('../clients/index.ts')
      const outcome = await runCommandLine(command, environmentOf(context))
      context.lastCommand = outcome; context.commands.push(outcome); context.lastRequest = outcome.requests.at(-1)
      return outcome
    },
    stored: (of: any, name?: any, at?: Named) => { const { kind, name: called, namespace } = place(of, name, at); return stored(kind, namespace, called) },
    storedList: (of, at) => { const kind = kindOf(of); return cluster.driver.storedList(storageName(kind.group, kind.resource), kind.namespaced ? at?.namespace ?? context.namespace : undefined) as any },
    onTheNode(name, at) {
      const pod = stored(kindOf('Pod'), at?.namespace ?? context.namespace, name)
      return pod && cluster.driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)
    },
    advance: duration => cluster.driver.advance(ms(duration)),
    until: async (done, within = context.deadlineMs) => await cluster.driver.runUntil(done, cluster.driver.now() + ms(within)) === 'done',
    inject(fault, args = {}) { const done = cluster.driver.inject(fault, args); if (typeof done === 'string') throw new StepFailed(done) },
    heal: (fault, args = {}) => cluster.driver.heal(fault, args),
    readFile: path => context.readFile(path),
    fail(message, ...more) { throw new StepFailed(message, more) },
  }
}

function kindOf(word: string): Kind {
  const found = registry.find(word)
  if (!found) throw new TypeError(`no kind is called ${word}`)
  return found
}
const ms = (duration: Duration): number => {
  const parsed = typeof duration === 'number' ? duration : parseDuration(duration)
  if (parsed === undefined) throw new TypeError(`${JSON.stringify(duration)} is no duration such as 45m or 1m30s`)
  return parsed
}
