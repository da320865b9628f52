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
  constructor(what: string, response: ApiResponse) {
    super(`${what}: ${response.body?.message ?? response.failure ?? response.code}`)
    this.response = response
  }
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
  list<K extends AnyKind>(
    kind: K, at?: Named & { readonly labelSelector?: string; readonly fieldSelector?: string; readonly allNamespaces?: boolean }
  ): Promise<readonly ObjectOf<K>[]>
  create<T extends Written>(object: T): Promise<any>
  /** Server-side apply. */
  apply<T extends Written>(object: T): Promise<any>
  patch(
    subject: Subject | { readonly kind: AnyKind; readonly name: string; readonly namespace?: string }, patch: unknown,
    options?: { readonly type?: PatchType; readonly subresource?: string }
  ): Promise<any>
  delete(
    subject: Subject | { readonly kind: AnyKind; readonly name: string; readonly namespace?: string }, options?: Readonly<Record<string, unknown>>
  ): Promise<void>
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
interface Written {
  readonly apiVersion?: string
  readonly kind: AnyKind
  readonly metadata: { readonly name?: string; readonly generateName?: string; readonly namespace?: string }
}

/** where a scenario's context keeps the notes of its steps */
const NOTES = Symbol('notes')

export const ownCluster = (context: ScenarioContext, argument: StepArgument): OwnCluster => new Handle(context, argument)

/** One for each step; it starts no cluster before it is asked for something of one. */
class Handle implements OwnCluster {
  readonly table: OwnCluster['table']
  readonly docString: OwnCluster['docString']
  readonly #context: ScenarioContext & { [NOTES]?: Map<string, unknown> }
  constructor(context: ScenarioContext, { table, docString }: StepArgument) { this.#context = context; this.table = table; this.docString = docString?.content }

  get driver(): Driver { return this.#context.driver() }
  get now(): number { return this.driver.now() }
  get namespace(): string { return this.#context.namespace }
  get notes(): Map<string, unknown> { return this.#context[NOTES] ??= new Map() }

  request(asked: Omit<ApiRequest, 'credentials' | 'userAgent'>): Promise<ApiResponse> {
    return this.driver.request({ ...asked, credentials: this.#context.credentials, userAgent: 'kscenario' })
  }
  get(of: any, name?: string, at?: Named): Promise<any> {
    const place = this.#place(of, name, at)
    return this.#ask(place.kind, 'get', place.name, place.namespace)
  }
  async list(of: AnyKind, { namespace = this.namespace, allNamespaces, ...rest }: Parameters<OwnCluster['list']>[1] = {}): Promise<readonly any[]> {
    return (await this.#ask(kindOf(of), 'list', undefined, allNamespaces ? undefined : namespace, rest)).items
  }
  create(object: Written): Promise<any> {
    const { kind, namespace, body } = this.#written(object)
    return this.#ask(kind, 'create', undefined, namespace, { body })
  }
  apply(object: Written): Promise<any> {
    const { kind, namespace, body } = this.#written(object)
    return this.#ask(kind, 'patch', body.metadata.name, namespace, { body, patchType: 'application/apply-patch+yaml', force: true })
  }
  patch(of: any, body: unknown, { type = 'application/merge-patch+json', subresource }: NonNullable<Parameters<OwnCluster['patch']>[2]> = {}): Promise<any> {
    const { kind, name, namespace } = this.#place(of)
    return this.#ask(kind, 'patch', name, namespace, { body, patchType: type, subresource })
  }
  async delete(of: any, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { kind, name, namespace } = this.#place(of)
    await this.#ask(kind, 'delete', name, namespace, { body: options })
  }
  async run(command: string): Promise<CommandOutcome> {
    const { runCommandLine } = await import('../clients/index.ts'), context = this.#context
    const outcome = await runCommandLine(command, environmentOf(context))
    context.lastCommand = outcome; context.commands.push(outcome); context.lastRequest = outcome.requests.at(-1)
    return outcome
  }

  stored(of: any, name?: string, at?: Named): any { const place = this.#place(of, name, at); return this.#stored(place.kind, place.namespace, place.name) }
  storedList(of: AnyKind, at?: Named): readonly any[] {
    const kind = kindOf(of)
    return this.driver.storedList(storageName(kind.group, kind.resource), kind.namespaced ? at?.namespace ?? this.namespace : undefined)
  }
  onTheNode(name: string, at?: Named): PodTruth | undefined {
    const pod = this.#stored(kindOf('Pod'), at?.namespace ?? this.namespace, name)
    return pod && this.driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)
  }

  advance(duration: Duration): Promise<void> { return this.driver.advance(ms(duration)) }
  async until(done: () => boolean, within: Duration = this.#context.deadlineMs): Promise<boolean> {
    return await this.driver.runUntil(done, this.driver.now() + ms(within)) === 'done'
  }
  inject(fault: string, args: Readonly<Record<string, unknown>> = {}): void {
    const done = this.driver.inject(fault, args)
    if (typeof done === 'string') throw new StepFailed(done)
  }
  heal(fault: string, args: Readonly<Record<string, unknown>> = {}): boolean { return this.driver.heal(fault, args) }
  readFile(path: string): string | undefined { return this.#context.readFile(path) }
  fail(message: string, ...notes: readonly string[]): never { throw new StepFailed(message, notes) }

  async #ask(kind: Kind, verb: ApiRequest['verb'], name: string | undefined, namespace: string | undefined, rest: Partial<ApiRequest> = {}): Promise<any> {
    const response = await this.request({
      verb, group: kind.group, version: kind.version, resource: kind.resource, namespace: kind.namespaced ? namespace : undefined, name,
      fieldManager: 'kscenario', ...rest,
    })
    if (isOk(response)) return response.body
    if (verb === 'get' && response.code === 404) return undefined
    throw new Refused(`${verb} ${kind.kind}${name ? ` ${name}` : ''}`, response)
  }
  #written(object: Written) {
    const kind = kindOf(object.kind), namespace = object.metadata.namespace ?? this.namespace
    return { kind, namespace, body: { apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, ...object, kind: kind.kind } }
  }
  #place(of: string | Subject, name?: string, at?: Named): { readonly kind: Kind; readonly name: string; readonly namespace: string } {
    if (typeof of !== 'string') return { kind: kindOf(of.resource ?? of.kind), name: of.name, namespace: of.namespace ?? this.namespace }
    return { kind: kindOf(of), name: name!, namespace: at?.namespace ?? this.namespace }
  }
  #stored(kind: Kind, namespace: string, name: string): any {
    return this.driver.stored(storageName(kind.group, kind.resource), kind.namespaced ? namespace : '', name)
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
