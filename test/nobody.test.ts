import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createJudge } from '../src/assertions/judge.ts'
import { eventOf } from '../src/assertions/predicates/event-words.ts'
import { unknownStatus } from '../src/assertions/predicates/status-words.ts'
import { predicates } from '../src/assertions/predicates/index.ts'
import { builtin } from '../src/builtin.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import { tellsOfCluster } from '../src/dsl/author-made.ts'
import { createStepParser } from '../src/dsl/parse-step.ts'
import type { AssertionAst, ModalityAst, ObjectSubject, SetSubject, SubjectAst } from '../src/dsl/step-ast.ts'
import { createContext } from '../src/runner/context.ts'
import { faults } from '../src/runtime-model/faults/index.ts'
import { registry, storageName } from '../src/runtime-model/kinds/index.ts'
import { expectations, runFeature } from './support/run-feature.ts'

/**
 * A sentence about something that never existed must not pass, whatever is said of it: neither plain nor negated, at once, in time, always or never. Laws over
 * every predicate and fault that is registered, and the slips of the pen that an author makes.
 */
const check = async (table: Readonly<Record<string, readonly [status: string, steps: string]>>, before: string): Promise<void> => {
  const ran = await runFeature(Object.fromEntries(Object.entries(table).map(([name, [, steps]]) => [name, steps])), before)
  const wanted = Object.fromEntries(Object.entries(table).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
}
const span = { start: 0, end: 1 }, parser = createStepParser({ steps: builtin.steps!, predicates })
const modalities: readonly ModalityAst[] = [
  { type: 'now' }, { type: 'eventually', withinMs: 1000 }, { type: 'always', forMs: 1000 }, { type: 'never', forMs: 1000 },
]
const judge = createJudge(predicates), driver = createModelDriver({ nodes: [{ name: 'worker-1' }] })
const context = () => createContext({ createDriver: () => driver.fork!(), readFile: () => undefined, deadlineMs: 1000, observeMs: 1000 }, 1)

/** Ways to say it that pass; `NotModelled` and what cannot run as written are no passes. */
async function passing(ast: AssertionAst, argument = {}): Promise<string[]> {
  const found: string[] = []
  for (const modality of modalities) for (const negated of [false, true]) {
    const said = { ...ast, modality, predicate: { ...ast.predicate, negated } }
    const status = await judge(said, context(), argument, ' '.repeat(200)).then(j => j.status, e => e.name)
    if (status === 'passed') found.push(`${negated ? 'not ' : ''}${ast.predicate.definition} ${modality.type}`)
  }
  return found
}
const examplesOf = (id: string): readonly AssertionAst[] => predicates.find(p => p.id === id)!.examples.flatMap(example => {
  const { value } = parser.parse(example, example.endsWith(':') ? { docString: { content: 'spec: {}', line: 1 } } : {})
  return value?.type === 'assertion' ? [value] : []
})
const fits = (id: string, ast: AssertionAst, resource: string): boolean =>
  predicates.find(p => p.id === id)!.misfit?.(resource, ast.predicate.args) === undefined

describe('no predicate holds', () => {
  const ofObjects = predicates.filter(p => p.subjects.includes('object')).map(p => p.id)
  it.each(ofObjects)('of an empty set: %s', async id => {
    const kinds = ['pods', 'deployments', 'persistentvolumeclaims', 'services', 'secrets', 'jobs']
    for (const ast of examplesOf(id)) {
      const kind = kinds.find(k => fits(id, ast, storageName(registry.find(k)!.group, registry.find(k)!.resource)))
      if (kind === undefined) continue
      const nobody: SetSubject = {
        type: 'set', kind, quantifier: { type: 'every' }, refinements: { selector: 'app=nobody' }, scope: { type: 'any' }, all: false, span,
      }
      expect(await passing({ ...ast, subject: nobody, windows: [] }, { docString: { content: 'spec: {}', line: 1 } })).toEqual([])
    }
  })
  it.each(ofObjects)('of an object that nobody has heard of: %s', async id => {
    for (const ast of examplesOf(id)) {
      const kind = ast.subject.type === 'object' ? ast.subject.kind : 'pod'
      const { group, resource } = registry.find(kind)!
      if (!fits(id, ast, storageName(group, resource))) continue
      const nobody: ObjectSubject = { type: 'object', kind, name: 'nobody', unheard: true, span }
      expect(await passing({ ...ast, subject: nobody, windows: [] }, { docString: { content: 'spec: {}', line: 1 } })).toEqual([])
    }
  })
  it('of any kind, unless that there is none tells what the cluster has', async () => {
    const [gone] = examplesOf('gone'), told: string[] = []
    for (const { kind, group, resource } of registry.all) {
      const subject: ObjectSubject = { type: 'object', kind: storageName(group, resource), name: 'nobody', unheard: true, span }
      if ((await passing({ ...gone, subject, windows: [] })).length > 0) told.push(kind)
    }
    expect(told.filter(kind => !tellsOfCluster.has(kind))).toEqual([])
  })
  const isNobody = (value: any): boolean => value === 'nobody' || value?.name === 'nobody'
  const named = predicates.filter(p => p.subjects.includes('object') && namesIn(p.id))
  function namesIn(id: string): boolean { return examplesOf(id).some(ast => Object.values(withNobody(id, ast).predicate.args).some(isNobody)) }
  it('is asked of every predicate that takes a node or an object', () => {
    expect(named.map(p => p.id)).toEqual(expect.arrayContaining(['scheduled-on', 'owned-by', 'reaches', 'attached-to']))
  })
  it.each(named.map(p => p.id))('of a node or an object that nobody knows: %s', async id => {
    for (const ast of examplesOf(id)) {
      // of a pod it cannot be said at all, and names nobody
      if (!fits(id, ast, 'pods') && !Object.values(withNobody(id, ast).predicate.args).some(isNobody)) continue
      const object: ObjectSubject = { type: 'object', kind: 'pod', name: 'coredns', namespace: 'kube-system', span }
      const pods: SetSubject = {
        type: 'set', kind: 'pods', quantifier: { type: 'every' }, refinements: {}, scope: { type: 'named', namespace: 'kube-system' }, all: false, span,
      }
      for (const subject of [object, pods] as SubjectAst[]) expect(await passing({ ...withNobody(id, ast), subject, windows: [] })).toEqual([])
    }
  })
  /** Node and object parameters become ones that there never were. */
  function withNobody(id: string, ast: AssertionAst): AssertionAst {
    const { parameters } = predicates.find(p => p.id === id)!
    const args = Object.fromEntries(Object.entries(ast.predicate.args).map(([slot, value]) => {
      const type = parameters?.[slot] ?? slot
      return [slot, type === 'node' ? 'nobody' : type === 'subject' ? { ...(value as ObjectSubject), name: 'nobody' } : value]
    }))
    return { ...ast, predicate: { ...ast.predicate, args } }
  }
  it.each(['of a', 'on a'])('for a number of a set %s stranger', async where => {
    const refinements = where === 'of a' ? { owner: { type: 'object', kind: 'deployment', name: 'nobody', span } as const } : { node: 'nobody' }
    for (const quantifier of [{ comparison: 'exactly', count: 0 }, { comparison: 'at most', count: 3 }] as const) {
      const [ast] = examplesOf('status')
      const subject: SetSubject = {
        type: 'set', kind: 'pods', quantifier: { type: 'count', ...quantifier }, refinements, scope: { type: 'any' }, all: false, span,
      }
      expect(await passing({ ...ast, subject, windows: [] })).toEqual([])
    }
  })
})

it('no fault comes back where there is none', async () => {
  const told: string[] = []
  for (const fault of faults.filter(f => f.heal)) {
    const calm = createModelDriver({ managed: fault.id.startsWith('instance'), nodes: ['worker-1', 'worker-2', 'worker-3'].map(name => ({ name, zone: 'a' })) })
    await calm.advance(5000)
    const pod = calm.storedList('pods', 'kube-system').find(p => p.metadata.name.startsWith('coredns'))!.metadata.name
    if (calm.heal(fault.id, { ...fault.example, ...fault.example.pod ? { pod } : {} })) told.push(fault.id)
  }
  expect(told).toEqual([])
})

describe('a name that nobody has', () => {
  const before = `Given a cluster with 2 nodes\nAnd user "ana"\nAnd deployment web with 2 replicas of image "a:1"\nAnd service web on port 80
    And deployment web has 2 ready replicas`
  const pod = 'When I run "kubectl run own --image=a:1"\n'
  it('is no user, webhook, service, driver or node of a step', () => check({
    'a user': ['undefined', 'When as user "anna" I run "kubectl get pods"\nThen the last command fails'],
    'a user whom a binding names': [
      'passed', 'Given I run "kubectl create clusterrolebinding v --clusterrole=view --user=cy"\nWhen as user "cy" I run "kubectl get pods"',
    ],
    'a user of the system': ['passed', 'When as user "system:kube-scheduler" I run "kubectl get pods"'],
    'a webhook': ['vacuous', 'Given webhook "policy.example.com" refuses "no"\nThen deployment web has 2 ready replicas'],
    'a service': ['undefined', 'Given clients send 10 requests per second to service wbe as "shoppers"'],
    'a driver': ['undefined', 'Given storage class "fast" of CSI driver "ebs.example.com"'],
    'a version': ['undefined', 'When node worker-1 is upgraded to latest'],
    'a version of a cluster that the model does not know': ['inconclusive', 'Given kubernetes version 1.29'],
    'a version of a node that there is not yet': ['inconclusive', 'Given node worker-1 runs kubelet 1.36'],
    'a version in the table of nodes': ['inconclusive', 'Given the nodes:\n| name | version |\n| worker-1 | 1.36 |'],
    'a verb': ['undefined', 'When I run "kubectl delte pod own"\nThen the last command fails'],
    'a flag': ['undefined', 'When I run "kubectl delete pod own --forse"\nThen the last request is not rejected\nAnd the last command does not print "own"'],
    'a verb whose refusal is meant': ['passed', 'When I run "kubectl delte pod own"\nThen the last command fails\nAnd the last command prints "unknown command"'],
    'an older version': ['undefined', 'When node worker-1 is upgraded to 1.30'],
    'a field of a patch': ['undefined', 'When I patch deployment web:\n"""\nspec: { replica: 3 }\n"""'],
    'a key of a behaviour': ['undefined', 'Given image "a:1":\n"""\nhttp: [ { form: 3s, status: 200 } ]\n"""'],
    'a stage of a request': ['undefined', `${pod}Then the request "create pod own" passed: authentification`],
    'a stage that refuses': ['undefined', `${pod}Then the request "create pod own" was refused at admision`],
    'no stage': ['undefined', `${pod}Then the request "create pod own" passed ,`],
    'a stage in its order': ['passed', `${pod}Then the request "create pod own" passed: authentication, storage`],
    'no command': ['undefined', 'When I run:\n"""\n# nothing\n"""'],
  }, before))
  it('is not gone, and nothing is told of it', () => check({
    'gone': ['vacuous', 'Then pod nobody is gone'],
    'never present': ['vacuous', 'Then configmap nobody never present for 1m'],
    'a node': ['vacuous', 'Then node worker-9 is absent'],
    'a volume': ['vacuous', 'Then persistentvolume nobody is gone'],
    'a right': ['vacuous', 'Then clusterrolebinding nobody is gone'],
    'what a cluster lacks': ['passed', 'Then apiservice v1beta1.metrics.k8s.io is absent'],
    'a window that it opens': ['vacuous', 'Then deployment web eventually Ready after pod nobody is gone'],
    'gone in a namespace': ['vacuous', `${pod}Then pod own in namespace nowhere is absent`],
    'two claims of one name': ['vacuous', 'Then pod nobody is gone\nAnd pod nobody does not exist'],
    'one that is only looked for': ['vacuous', 'When I run "kubectl delete pod nobody --ignore-not-found"\nThen pod nobody is gone'],
    'one that is not made': ['passed', 'When I run "kubectl run own --image=a:1 --dry-run=server"\nThen pod own is absent'],
    'one that was there': ['passed', `${pod}And I delete pod own\nThen pod own is eventually gone`],
    'one that was refused': ['passed', 'When as user "ana" I run "kubectl run own --image=a:1"\nThen the last command fails\nAnd pod own is absent'],
    'one that nobody could ask for': [
      'passed',
      'Given the control plane goes down\nWhen I apply:\n"""\n{apiVersion: v1, kind: ConfigMap, metadata: {name: own}}\n"""\nThen the last command fails\nAnd configmap own is absent',
    ],
    'what nobody has made yet': ['passed', 'Given namespace shop is absent\nWhen I create namespace shop\nThen namespace shop is present'],
    'what a controller would make': ['passed', 'When I scale deployment web to 2\nThen pod web-2 is absent'],
  }, before))
  it('is no service, address, file, phase or reason that something could have', () => check({
    'a service of DNS': ['failed', `${pod}Then pod own does not resolve "web" to service wbe`],
    'an address': ['failed', `${pod}Then pod own does not reach address "worker-9:80"`],
    'a port': ['failed', `${pod}Then pod own does not reach address "10.96.0.1:99999"`],
    'a file': ['failed', `${pod}And pod own eventually Running\nThen file "/data/x" in container own of pod own does not have content "a"`],
    'a phase': ['undefined', `${pod}Then pod own never has phase Runing`],
    'a condition': ['undefined', `${pod}Then pod own does not have condition Ready=Flase`],
    'a reason': ['undefined', `${pod}Then pod own has no event FailedSchedulling`],
    'a source': ['undefined', `${pod}Then pod own has no event Failed from kublet`],
    'an effect': ['undefined', 'Then node worker-1 has no taint a:NoExec'],
    'a value where the field belongs': ['undefined', 'Then deployment web never has field "2" .spec.replicas for 10s'],
    'a share of a field that takes numbers too': ['passed', 'Then deployment web has field .spec.strategy.rollingUpdate.maxSurge 25%'],
    'a field to compare': ['undefined', `${pod}And I remember pod own as "x"\nThen service web does not have the same node as $x`],
    'nothing behind a denial': ['undefined', `${pod}Then pod own is eventually Ready no within 30s`],
    'nothing behind an article': ['undefined', `${pod}Then pod own is Ready the`],
    'no text': ['passed', 'When I run "kubectl get nodes"\nThen the last command prints no "nobody"'],
    'no at least': ['undefined', `${pod}Then pod own has no at least 2 endpoints`],
    'one that nothing can affect': ['failed', 'Then pod nobody is not unaffected'],
    'no time': ['vacuous', `${pod}Then pod own eventually Running and stays so for 0s`],
  }, before))
  it('is not there, not a reason and not the leader', () => check({
    'there is no': ['vacuous', 'Then there is no configmap nobody'],
    'a reason': ['undefined', 'When I run "kubectl get pod own"\nThen the last request is not rejected with Notfound'],
    'a code': ['undefined', 'When I run "kubectl get pod own"\nThen the last request is not rejected with 999'],
    'the only member': ['failed', 'Then etcd member etcd-1 is not the leader'],
    'the leader from the beginning': ['passed', 'Then etcd member etcd-1 is the leader'],
    'a leader that is down leads nobody': ['passed', 'When kube-scheduler goes down\nAnd 5 seconds pass\nThen kube-scheduler is not the leader\nAnd kube-scheduler is never the leader while kube-scheduler is down'],
    'one that is back does not lead before the lease has run out': ['failed', 'When kube-scheduler goes down\nAnd kube-scheduler comes back\nThen kube-scheduler is eventually the leader within 10s'],
    'but then it does': ['passed', 'When kube-scheduler goes down\nAnd kube-scheduler comes back\nThen kube-scheduler is eventually the leader within 20s'],
    'the leader of a window': ['passed', 'When kube-scheduler goes down\nAnd 5 seconds pass\nThen etcd member etcd-1 is the leader while kube-scheduler is down'],
  }, before))
  it('is not stuck, at fault or on a journey', () => check({
    'a stage': ['vacuous', 'Then the stuck stage of pod nobody is "storage"'],
    'a stage of one that nobody could ask for': [
      'passed', `Given the control plane goes down\n${pod}Then the last command fails\nAnd the stuck stage of pod own is "storage"`,
    ],
    'a replica': ['undefined', 'Given kube-scheduler goes down\nThen the component at fault is kube-scheduler on cp-9'],
    'a row that says nothing': ['vacuous', `${pod}Then the journey of pod own is:\n| from | to | what |\n| | | |`],
  }, before))
  it('chooses nothing, or one of several', () => check({
    'no pod': ['undefined', 'When I delete no pod of deployment web'],
    'a limit': ['undefined', 'When I delete at most 1 pod of deployment web'],
    'one of several': ['undefined', 'When container app in pods of deployment web crashes'],
    'one name for several': ['undefined', 'Given pods of deployment web as "victim"\nThen $victim is Ready'],
    'several at once': ['passed', 'When I delete 2 pods of deployment web\nThen deployment web eventually has 2 ready replicas'],
  }, before))
  it('is no word that STATUS never says, nor an Event', () => check({
    'no status': ['undefined', `${pod}Then pod own is not Crashing`], 'of none': ['undefined', `${pod}Then no pod is Crashing`],
    'a label taken for one': ['undefined', `${pod}Then pod own does not have Labels`], 'part of one': ['undefined', `${pod}Then pod own is not CrashLoop`],
    'of a container': ['undefined', `${pod}Then container own in pod own is not Crashed`], 'a state': ['passed', `${pod}Then container own in pod own is eventually not Waiting`],
    'composed': ['passed', `${pod}Then pod own is not Init:CrashLoopBackOff`], 'of a window': ['undefined', `${pod}Then pod own is Ready until pod own is Crashing`],
    'an event': ['undefined', `${pod}Then pod own has no event Fail`], 'a status, no event': ['undefined', `${pod}Then pod own has no event CrashLoopBackOff`],
  }, before))
})

describe('of what was recorded', () => {
  const folder = join(import.meta.dirname, 'fidelity')
  const texts = readdirSync(folder, { recursive: true }).map(String).filter(f => f.endsWith('.json')).map(f => readFileSync(join(folder, f), 'utf8'))
  const found = (pattern: RegExp): string[] => [...new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(m => m[1])))]
  const ofContainers = found(/"(?:waiting|terminated)": ?\{[^{}]*?"reason": ?"(\w+)"/g)
  it('knows every reason that an Event gives', () => {
    const reasons = found(/"reason": ?"([A-Z][A-Za-z]+)"/g)
    expect(reasons.length).toBeGreaterThan(60)
    const conditions = ['FailedIndexes', 'SucceededRescale', 'SucceededGetScale', 'PodFailurePolicy', 'Unschedulable']
    expect(reasons.filter(reason => ![...conditions, ...ofContainers].includes(reason) && eventOf('pods', { reason }) !== undefined)).toEqual([])
  })
  it('knows every word that STATUS says of a pod', () => {
    expect(ofContainers.length).toBeGreaterThan(8)
    expect(ofContainers.filter(word => unknownStatus(word, false) !== undefined)).toEqual([])
  })
})
