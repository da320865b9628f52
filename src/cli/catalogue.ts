import type { Extension, PredicateDefinition, StepDefinition } from '../extension.ts'
import type { OwnStep } from '../own-steps/own-step.ts'

/** One entry of the step reference. */
export interface Entry {
  readonly id: string
  readonly phrases: readonly string[]
  readonly doc: string
  readonly examples: readonly string[]
  readonly takes?: string
  readonly subjects?: readonly string[]
  readonly source?: string
}
/** `declared`: its entries are steps or predicates, by their ids */
export interface Section {
  readonly id: string; readonly title: string; readonly doc: string; readonly entries: readonly Entry[]; readonly declared?: boolean
}

const KINDS: readonly (readonly [StepDefinition['kind'], string, string])[] = [
  ['world', 'World', 'Sets the stage, before or during the run.'],
  ['action', 'Actions', 'What a user or a client does. `as user "ana"` may stand in front, `as "name"` behind binds what the action made or chose.'],
  ['fault', 'Faults', 'What goes wrong, and what comes back.'],
  ['time', 'Time', 'Virtual time moves.'],
  ['sentence', 'Traces', 'Assertions that are whole sentences: what the trace of the run must show.'],
]

const takes = {
  table: 'a table', docString: 'a doc string', 'table or docString': 'a table or a doc string', optional: 'perhaps a table or a doc string',
} as const
const entry = (d: StepDefinition | PredicateDefinition): Entry => ({
  id: d.id, phrases: d.phrases, doc: d.doc, examples: d.examples,
  ...(d.argument ? { takes: takes[d.argument] } : {}), ...('subjects' in d ? { subjects: d.subjects } : {}), ...(d.source ? { source: d.source } : {}),
})

const ownEntry = ({ expression, doc = '', examples = [] }: OwnStep): Entry => ({ id: `own:${expression}`, phrases: [String(expression)], doc, examples })

/** Everything an author may write, from the declarations themselves. */
export function catalogue(extensions: readonly Extension[]): readonly Section[] {
  const steps = extensions.flatMap(e => e.steps ?? []), predicates = extensions.flatMap(e => e.predicates ?? [])
  return [
    ...KINDS.map(([kind, title, doc]) => ({ id: kind, title, doc, declared: true, entries: steps.filter(s => s.kind === kind).map(entry) })),
    {
      id: 'own', declared: true, title: 'Steps of your own', doc: 'What the config of this project adds, as Cucumber Expressions.',
      entries: extensions.flatMap(e => e.ownSteps ?? []).map(ownEntry),
    },
    SUBJECTS, MODALITIES, WINDOWS,
    {
      id: 'predicate', declared: true, title: 'Predicates',
      doc:
        'What can be said of a subject. Each takes `not`, `no` or `does not`; every count takes `at least`, `at most`, `more than`, `between 2 and 4`, `exactly`; `on the node` behind a state, readiness, phase, presence or restarts of pods reads the truth on the nodes.',
      entries: predicates.map(entry),
    },
    JOURNEY,
  ].filter(section => section.entries.length > 0)
}

const plain = (phrases: string, doc: string, ...examples: string[]): Entry => ({ id: phrases.split(' ')[0], phrases: phrases.split(' · '), doc, examples })

const SUBJECTS: Section = {
  id: 'subject', title: 'Subjects', doc: 'Who an assertion speaks of. Any subject goes with any modality and any predicate that makes sense for it.',
  entries: [
    plain(
      'KIND NAME · KIND NAME in namespace NAME', 'One object; the kind by its name, plural or short name.', 'pod catalog eventually Running',
      'deploy web in namespace shop has 3 ready replicas'
    ),
    plain(
      'pods · all pods · running pods · pods of KIND NAME · pods labelled SELECTOR · pods on node NAME',
      'A set: the predicate must hold for every member, and an empty set never passes. Refinements stack.',
      'running pods labelled app=web on node worker-1 are Ready'
    ),
    plain(
      'a pod … · 2 pods … · at least 2 pods … · at most 2 pods … · between 2 and 4 pods … · no pod …', 'How many members satisfy the predicate.',
      'at least 2 pods of deployment catalog eventually Ready'
    ),
    plain(
      'at least 80 % of the pods … · more than half of the pods … · fewer than 20 % of the pods …', 'What share of those that there are satisfies the predicate.',
      'at least 80 % of the pods of deployment catalog are Ready'
    ),
    plain('pods of deployments NAME and NAME · pods of KIND NAME and KIND NAME', 'Those of each, which must have some.', 'pods of deployments catalog and orders are Ready'),
    plain('pods NAME and NAME · nodes NAME, NAME and NAME', 'These and no others, each of which must be there.', 'nodes worker-1 and worker-2 are Ready'),
    plain('container NAME in pod NAME', 'One container.', 'container app in pod catalog restarted 1 time'),
    plain(
      'container NAME in pods … · container NAME in a pod …', 'The container of each pod of a set; so many of the pods, where a number is said.',
      'container app in a pod of deployment catalog eventually restarted 1 time'
    ),
    plain(
      'the control plane · kube-apiserver · etcd · etcd member NAME · kube-scheduler · kube-controller-manager · the kubelet on NODE · kube-proxy on NODE · coredns',
      'Components.', 'kube-scheduler is down'
    ),
    plain('the last request · the last command · the request "WHAT"', 'What an action brought.', 'the last command prints "created"'),
    plain('requests from pod NAME to service NAME · traffic "NAME"', 'Traffic.', 'traffic "shoppers" lose no request'),
    plain('$NAME', 'What a step bound with `as "NAME"`.', '$victim is gone'),
  ],
}
const MODALITIES: Section = {
  id: 'modality', title: 'Modalities', doc: 'When the predicate must hold.',
  entries: [
    plain('is · has · should be', 'Now; time does not move. Under `Given` it is waited for.', 'node worker-1 is Ready'),
    plain(
      'eventually · is eventually · should eventually be · within DURATION',
      'It comes to hold before the deadline (60 s of virtual time, --deadline), looked at on every change.', 'pod catalog eventually Running within 30s'
    ),
    plain('eventually … and stays so for DURATION', 'It comes to hold, and then holds on.', 'pod catalog eventually Ready and stays so for 1m'),
    plain('always · stays … for DURATION', 'Now and at every moment of the window (5 minutes, --observe).', 'pod catalog stays Running for 5m'),
    plain('never', 'At no moment of the window.', 'pod catalog never Failed'),
    plain(
      'was always · stayed · was never · has never been · always had · never had · has been … for DURATION',
      'What has been: all the time since the latest `When` began, or so long.', 'node worker-1 was never NotReady', 'pod catalog has been Ready for 2m'
    ),
  ],
}
const WINDOWS: Section = {
  id: 'window', title: 'Windows', doc: 'A condition is again a subject and a predicate. A window that never opened is vacuous, which is a failure.',
  entries: [
    plain('while CONDITION', 'As long as the condition holds; the window opens when it last became true.', 'running pods unaffected while control plane down'),
    plain('until CONDITION', 'Up to the condition, which must come.', 'pod catalog stays Running until node worker-1 is Ready'),
    plain('after CONDITION', 'Once the condition has come.', 'pod catalog eventually Running after kube-scheduler is up'),
    plain(
      'during the rollout of KIND NAME', 'While its rollout goes on, as far as its controller has seen what is asked of it.',
      'at least 3 pods of deployment catalog are Ready during the rollout of deployment catalog'
    ),
    plain('before CONDITION', 'Before the condition comes.', 'pod catalog eventually gone before node worker-1 is Ready'),
  ],
}
const JOURNEY: Section = {
  id: 'journey', title: 'Words of a journey', doc: 'What the third column of `the journey of KIND NAME is:` may say.',
  entries: [
    plain('create KIND NAME · get KIND NAME · list KIND · watch KIND · update KIND NAME · patch KIND NAME · delete KIND NAME', 'A request to an API server.'),
    plain('answers 201 Created', 'Its answer.'),
    plain('authentication · authorization · mutating admission · validation · validating admission · storage', 'A stage that it passed.'),
    plain('put', 'kube-apiserver writes to etcd.'),
    plain('notifies of KIND NAME', 'A watch tells a component.'),
    plain('filter · score · bind pod NAME', 'The scheduler at work.'),
    plain('create sandbox · pull IMAGE · create container · start container', 'A kubelet calls its runtime.'),
    plain('status of pod NAME: Running', 'A kubelet reports.'),
    plain('endpoints of service NAME · program service NAME', 'The endpoints change, a kube-proxy writes its rules.'),
  ],
}
