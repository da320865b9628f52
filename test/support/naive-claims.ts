import type { TemporalPlan, Truth } from '../../src/assertions/temporal.ts'
import { naive, openings } from './naive-temporal.ts'
import type { Kind } from './naive-temporal.ts'
import { deadlineMs, observeMs } from './recorded-cluster.ts'
import type { Recorded, Seen } from './recorded-cluster.ts'

/** A sentence as one thinks it, before it is written down. */
export interface Thought {
  readonly subject: { readonly pod: string } | { readonly set: PodSet; readonly count?: { readonly how: 'exactly' | 'at least' | 'at most'; readonly number: number } }
  readonly modality: { readonly type: TemporalPlan['modality']; readonly withinMs?: number; readonly forMs?: number; readonly staysMs?: number }
  readonly predicate: Predicate
  readonly negated: boolean
  readonly windows: readonly { readonly type: 'while' | 'until' | 'after' | 'before'; readonly condition: Condition }[]
}
export type PodSet = 'labelled app=web' | 'of deployment web' | 'running' | 'on worker-1'
export type Predicate = 'Ready' | 'Terminating' | 'Running' | 'present' | 'gone' | 'has label tier=x' | 'has phase Running' | 'scheduled on worker-1'
export type Condition = { readonly pod: string; readonly predicate: Predicate; readonly negated: boolean } | { readonly node: string; readonly negated: boolean }
  | { readonly schedulerDown: boolean }

const isReady = (object: any): boolean => object.status?.conditions?.find((c: any) => c.type === 'Ready')?.status === 'True'
const ended = (pod: any): boolean => ['Succeeded', 'Failed'].includes(pod.status?.phase)
const terminating = (pod: any): boolean => pod.metadata.deletionTimestamp !== undefined && !ended(pod)
/** kubectl's STATUS of a pod of one container. Source: pkg/printers/internalversion/printers.go (printPod) */
function isRunning(pod: any): boolean {
  const [container] = pod.status?.containerStatuses ?? []
  return pod.status?.phase === 'Running' && pod.status.reason === undefined && pod.metadata.deletionTimestamp === undefined
    && (container === undefined || container.state?.running !== undefined)
}
function is(pod: any, predicate: Predicate): boolean {
  switch (predicate) {
    case 'Ready': return isReady(pod)
    case 'Terminating': return terminating(pod)
    case 'Running': return isRunning(pod)
    case 'present': return pod !== undefined
    case 'gone': return pod === undefined
    case 'has label tier=x': return pod.metadata.labels?.tier === 'x'
    case 'has phase Running': return pod.status?.phase === 'Running'
    case 'scheduled on worker-1': return pod.spec.nodeName === 'worker-1'
  }
}
const belongs: Readonly<Record<PodSet, (pod: any) => boolean>> = {
  'labelled app=web': pod => pod.metadata.namespace === 'default' && pod.metadata.labels?.app === 'web',
  'of deployment web': pod => pod.metadata.namespace === 'default' && (pod.metadata.ownerReferences ?? []).some((o: any) => o.name.startsWith('web-')),
  running: pod => pod.metadata.namespace !== 'kube-system' && isRunning(pod),
  'on worker-1': pod => pod.metadata.namespace !== 'kube-system' && pod.spec.nodeName === 'worker-1',
}
const aboutExistence = (predicate: Predicate): boolean => predicate === 'present' || predicate === 'gone'
const podOf = (seen: Seen, name: string): any => seen.pods.get(`default/${name}`)
const members = (seen: Seen, set: PodSet): readonly any[] => [...seen.pods.values()].filter(belongs[set])

function met(seen: Seen, condition: Condition): boolean {
  if ('schedulerDown' in condition) return seen.down.has('kube-scheduler') === condition.schedulerDown
  if ('node' in condition) { const node = seen.nodes.get(condition.node); return node !== undefined && isReady(node) !== condition.negated }
  const pod = podOf(seen, condition.pod)
  return pod === undefined && !aboutExistence(condition.predicate) ? false : is(pod, condition.predicate) !== condition.negated
}

/** What the sentence comes to, by what language.md says of it, looking at the whole run at once. */
export function judgeNaively(thought: Thought, run: Recorded): Kind {
  const gates = thought.windows.map(w => w.type), { modality } = thought
  const plan: TemporalPlan = { ...modality, modality: modality.type, gates, startedAt: run.startedAt, deadlineMs, observeMs }
  const throughout = modality.type === 'always' || modality.type === 'never' || (modality.type === 'now' && gates.some(g => g === 'while' || g === 'until'))
  const conditions = (seen: Seen): boolean[] =>
    thought.windows.map(({ type, condition: c }) => met(seen, c) && !(type === 'after' && 'pod' in c && aboutExistence(c.predicate) && isUnborn(run, seen, c.pod)))
  const told = run.moments.slice(firstLookedAt(run, gates, throughout && (modality.type !== 'now' || gates.includes('until')), conditions))
  const opened = openingOf(told, conditions, plan)
  if (opened === undefined) return naive(plan, told.map(seen => ({ at: seen.at, conditions: conditions(seen), truth: 'empty' as Truth })))
  const before = gates.length === 0 || opened === 0 ? told[opened] : latestBefore(run, run.before(told[opened].id))
  const truth = truthOver(thought, run, before, throughout && modality.type !== 'never')
  return naive(plan, told.map((seen, i) => ({ at: seen.at, conditions: conditions(seen), truth: i < opened ? 'empty' : truth(seen) })))
}
const latestBefore = (run: Recorded, id: number): Seen => run.moments.filter(m => m.id <= id).at(-1) ?? run.moments[0]

/** The past is looked at by windows that may lie in it; `until` and `before` of what lasts begin now, or with the latest action where it has come. */
function firstLookedAt({ moments, startedAt, latest }: Recorded, gates: readonly string[], lasting: boolean, met: (seen: Seen) => boolean[]): number {
  const present = moments.findLastIndex(m => m.at <= startedAt && m.id <= moments.find(x => x.at >= startedAt)!.id)
  if (gates.length === 0) return present
  if (gates.includes('while') || gates.includes('after') || !lasting) return 0
  return met(moments[present]).some(m => m) ? moments.findLastIndex(m => m.id < latest.observation) : present
}

/** Index of the moment at which the window that counts opens. */
function openingOf(told: readonly Seen[], conditions: (seen: Seen) => boolean[], plan: TemporalPlan): number | undefined {
  if (plan.gates.length === 0) return 0
  const { opens } = openings(plan, told.map(conditions), i => told[i].at <= plan.startedAt)
  return opens.filter(i => told[i].at <= plan.startedAt).at(-1) ?? opens[0]
}

/** Of a moment at which a pod has not been made yet, and is made later, before the sentence is said: it is not gone yet. */
function isUnborn({ moments, startedAt }: Recorded, seen: Seen, name: string): boolean {
  const had = moments.filter(m => podOf(m, name) !== undefined)
  return podOf(seen, name) === undefined && !had.some(m => m.id <= seen.id) && had.some(m => m.at <= startedAt)
}

function truthOver({ subject, predicate, negated, modality, windows }: Thought, run: Recorded, before: Seen, fixing: boolean): (seen: Seen) => Truth {
  const holds = (pod: any): boolean => is(pod, predicate) !== negated
  if ('pod' in subject) {
    let wasThere = fixing && windows.length > 0 && podOf(before, subject.pod) !== undefined
    return seen => {
      const pod = podOf(seen, subject.pod)
      if (pod === undefined && !aboutExistence(predicate)) {
        return modality.type === 'never' || (fixing && windows.length > 0 && !wasThere) ? 'empty' : 'fails'
      }
      wasThere ||= pod !== undefined
      if (modality.type === 'eventually' && aboutExistence(predicate) && isUnborn(run, seen, subject.pod)) return 'empty'
      return holds(pod) ? 'holds' : 'fails'
    }
  }
  const { set, count } = subject
  const unsettled = (seen: Seen): boolean => modality.type === 'eventually' && !count && set === 'of deployment web' && !aboutExistence(predicate)
    && [...seen.workloads.values()].some(w => (w.status?.observedGeneration ?? 0) < w.metadata.generation)
  if (count) {
    return seen => {
      const found = members(seen, set).filter(holds).length
      return (count.how === 'exactly' ? found === count.number : count.how === 'at least' ? found >= count.number : found <= count.number) ? 'holds' : 'fails'
    }
  }
  const opening = fixing ? members(before, set) : []
  return seen => {
    const now = opening.length > 0
      ? opening.map(m => { const pod = podOf(seen, m.metadata.name); return pod?.metadata.uid === m.metadata.uid ? pod : undefined })
      : members(seen, set)
    if (now.length === 0) {
      const had = run.moments.some(m => m.id <= seen.id && members(m, set).length > 0)
      return aboutExistence(predicate) && had ? holds(undefined) ? 'holds' : 'fails' : 'empty'
    }
    if (unsettled(seen)) return 'fails'
    const so = (pod: any): boolean => pod === undefined && !aboutExistence(predicate) ? false : holds(pod)
    return (modality.type === 'never' ? now.some(so) : now.every(so)) ? 'holds' : 'fails'
  }
}
