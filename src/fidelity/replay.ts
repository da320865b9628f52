import type { ClusterOptions, Driver, NodeOptions } from '../drivers/driver.ts'
import { ADMIN } from '../runner/context.ts'
import type { ScenarioInfo } from '../runner/events.ts'
import type { PlannedScenario, PlannedStep } from '../runner/plan.ts'
import type { Onlooker } from '../runner/run-scenario.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { StepResult } from '../runner/run-step.ts'
import type { Tools } from '../runner/tools.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { clean } from './difference.ts'
import { runEvenSo } from './even-so.ts'
import { finalObjects } from './final-objects.ts'
import type { KindNames } from './final-objects.ts'
import { record, timelineOf } from './recording.ts'
import type { Golden, Recording } from './recording.ts'
import { normaliser } from './normalise.ts'

export interface ReplayTools {
  readonly tools: Tools
  readonly createDriver: (world: ClusterOptions) => Driver
  readonly kinds: KindNames
  readonly readFile: (path: string) => string | undefined
  readonly listFiles: (folder: string, deep: boolean) => readonly string[] | undefined
  readonly runCommand: (context: ScenarioContext, command: string) => Promise<any>
  /** whether the recordings tell of the end of objects: older ones do not */
  readonly ends: boolean
  /** told of steps that did not hold or could not run */
  readonly complain: (text: string) => void
}

/** Steps that only say what the cluster is: the recorder had started it before its clock began. */
const STAGE = /^(a cluster\b|each node has\b|the nodes:)/
/** as a recording has it: a kubectl call takes about this long, and waits poll so often */
const KUBECTL_MS = 250, POLL_MS = 250
/** The reference cluster commits to a disk that is shared, and its components share few processors: until one of them hears of a write so much passes. */
const API_LATENCY_MS: Readonly<Record<string, number>> = { 'kube-controller-manager': 8, 'kube-scheduler': 8, kubelet: 8, kubectl: 25 }
const SETTLE_MS = 1500, NAMESPACE_MS = 300, LAST_MS = 400

/** node → images on it */
export type Images = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Replays one scenario in the bare world of a recording and gives what the model did, in the format of the goldens. `present`: images that earlier scenarios
 * left on the nodes.
 */
export async function replay(plan: PlannedScenario, expected: Golden, setup: ReplayTools, present: Images = new Map()): Promise<Golden> {
  const steps: any[] = []
  const used = new Set<string>([expected.namespace])
  let recording: Recording | undefined, before: ReadonlySet<string> = new Set(), objects: readonly any[] = [], pending: readonly NodeOptions[] = [], epochMs = 0
  let disturbed = false
  const at = (context: ScenarioContext): number => recording ? context.driver().now() - recording.startedAt : 0

  const start = async (context: ScenarioContext): Promise<void> => {
    pending = context.world.nodes ?? []
    context.world = {
      ...context.world,
      nodes: (pending.length ? pending : [{ name: 'worker-1' }]).map(({ labels, taints, zone, ...node }) =>
        ({ ...node, images: [...present.get(node.name) ?? []] })),
    }
    await bringUp(context, expected.namespace)
    epochMs = context.driver().epochMs
    before = new Set(setup.kinds.clusterScoped.flatMap(k => context.driver().storedList(k.resource).map(o => o.metadata.uid!)))
    recording = record(context.driver(), setup.kinds.apiVersionOf)
  }
  const onlooker: Onlooker = {
    async before(step, context) {
      if (!recording && !STAGE.test(step.text)) { await start(context); await dress(pending, context, setup) }
      steps.push({ text: step.text, tMs: at(context) })
      if (asksKubectl(step) || makesNamespace(step)) await context.driver().advance(KUBECTL_MS)
      else if (disturbed
        && looksAtTheApi(step)) await reachable(context.driver()) // else it looked so soon after a command that controllers had not answered it yet
    },
    async after(step, context, result) {
      if (result.status === 'undefined' && /^I run\b/.test(step.text)) await runEvenSo(step, context, setup.runCommand)
      disturbed ||= step.reading.type === 'bound' && step.reading.ast.type === 'fault'
      await poll(step, context, steps.at(-1).tMs, at(context))
      if (context.namespace) used.add(context.namespace)
      Object.assign(steps.at(-1), outcomeOf(step, context, recording), { durationMs: at(context) - steps.at(-1).tMs })
      if (result.status !== 'passed') { steps.at(-1).failed = result.story?.message ?? result.status; setup.complain(complaint(plan, step, result)) }
    },
    async end(context) {
      if (!recording) await start(context)
      await context.driver().advance(LAST_MS)
      objects = await finalObjects(context.driver(), setup.kinds, context.namespace, before)
      recording!.stop()
    },
  }
  const info: ScenarioInfo = { index: 0, feature: plan.feature, name: plan.name, file: plan.file, line: plan.line, tags: plan.tags, seed: 1, steps: [] }
  const surroundings = {
    createDriver: setup.createDriver, readFile: setup.readFile, listFiles: setup.listFiles, deadlineMs: 60_000,
    observeMs: 300_000,
    world: { bare: true, apiLatencyMs: API_LATENCY_MS } as ClusterOptions, namespace: expected.namespace, commandMs: KUBECTL_MS, anyGeneration: true,
  }
  await runScenario(plan, info, { surroundings, tools: setup.tools, replay: '', wallMs: () => 0, onlooker }, () => {})
  return golden(plan, expected, steps, recording!, used, objects, epochMs, setup.ends)
}

/** Starts the cluster, waits as the recorder did until it is whole, and makes the namespace. */
async function bringUp(context: ScenarioContext, namespace: string): Promise<void> {
  const driver = context.driver()
  const ready = (): boolean =>
    driver.storedList('nodes').length > 0
      && driver.storedList('nodes').every((n: any) =>
        n.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') && !n.spec?.taints?.length)
  const settled = (name: string): boolean =>
    driver.stored('serviceaccounts', name, 'default') !== undefined && driver.stored('configmaps', name, 'kube-root-ca.crt') !== undefined
  await driver.runUntil(() => ready() && settled('default'), driver.now() + 60_000)
  await driver.advance(SETTLE_MS)
  if (namespace === 'default') return
  await driver.request({
    verb: 'create', group: '', version: 'v1', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    credentials: ADMIN, userAgent: 'kubectl',
  })
  await driver.runUntil(() => settled(namespace), driver.now() + 10_000)
  await driver.advance(NAMESPACE_MS)
}

/** Labels and taints of `the nodes:` are put on with kubectl, as the recorder did. */
async function dress(nodes: readonly NodeOptions[], context: ScenarioContext, setup: ReplayTools): Promise<void> {
  for (const node of nodes) {
    const labels = [...Object.entries(node.labels ?? {}).map(([k, v]) => `${k}=${v}`), ...(node.zone ? [`topology.kubernetes.io/zone=${node.zone}`] : [])]
    if (labels.length) await setup.runCommand(context, `kubectl label node ${node.name} --overwrite ${labels.join(' ')}`)
    for (const t of node.taints ?? []) await setup.runCommand(context, `kubectl taint node ${node.name} ${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`)
  }
}

/** The recorder looked at the cluster through the API: an assertion waited until that answered. */
const looksAtTheApi = (step: PlannedStep): boolean =>
  step.reading.type === 'bound' && step.reading.ast.type === 'assertion' && !step.text.startsWith('the last command')
async function reachable(driver: Driver): Promise<void> {
  const ask = (): Promise<{ readonly code: number }> =>
    driver.request({ verb: 'get', group: '', version: 'v1', resource: 'namespaces', name: 'default', credentials: ADMIN, userAgent: 'kubectl' })
  for (const end = driver.now() + 60_000; driver.now() < end && (await ask()).code !== 200;) await driver.advance(POLL_MS)
}

/** The recorder made a namespace with kubectl. */
const makesNamespace = (step: PlannedStep): boolean => step.text.startsWith('namespace ')
/** The recorder read fields with kubectl. */
const asksKubectl = (step: PlannedStep): boolean => /\b(has|have) field \S+ "/.test(step.text)
const isBlock = (step: PlannedStep): boolean => /I run:$/.test(step.text)

/** A wait ends at the first poll after its condition holds. */
async function poll(step: PlannedStep, context: ScenarioContext, began: number, now: number): Promise<void> {
  const waited = now - began
  if (step.reading.type === 'bound' && step.reading.ast.type === 'assertion' && waited > 0 && waited % POLL_MS !== 0) {
    await context.driver().advance(POLL_MS - waited % POLL_MS)
  }
}

function outcomeOf(step: PlannedStep, context: ScenarioContext, recording: Recording | undefined): object {
  if (isBlock(step)) {
    return {
      commands: context.commands.map(c =>
        ({ command: c.command, tMs: c.atMs - (recording?.startedAt ?? 0), stdout: c.stdout, stderr: c.stderr, code: c.code })),
    }
  }
  if (!/I (run|apply|create|replace)\b/.test(step.text) || !context.lastCommand) return {}
  const { stdout, stderr, code } = context.lastCommand
  return { stdout, stderr, code }
}

const complaint = (plan: PlannedScenario, step: PlannedStep, result: StepResult): string =>
  `${plan.file}:${step.line}: ${result.status}: ${step.text}\n    ${(result.story?.message ?? '').split('\n')[0]}${result.story?.seen ? ` (seen ${result.story.seen.split('\n')[0]})` : ''}${result.story?.notes?.length && result.story.verdict === 'internal error' ? `\n    ${result.story.notes.slice(0, 3).join('\n    ')}` : ''}`

function golden(
  plan: PlannedScenario, expected: Golden, steps: readonly any[], recording: Recording, used: ReadonlySet<string>, objects: readonly any[], epochMs: number,
  ends: boolean
): Golden {
  const { timeline, events } = timelineOf(recording, used, ends)
  const told = {
    feature: plan.feature, scenario: plan.name, kubernetes: '1.35.4', world: expected.world, namespace: expected.namespace,
    ...(recording.restarts.length ? { restarts: recording.restarts } : {}), steps, timeline, events, objects: objects.map(clean),
  }
  const given = plan.steps.map(s => s.text + (s.argument.docString?.content ?? '')).join('\n')
  return normaliser({
    t0: epochMs + recording.startedAt, given, objects: [...recording.raw.map(r => r.object), ...objects, ...recording.before.values()],
  })(told)
}
