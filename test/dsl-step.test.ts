import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderDiagnostic } from '../src/base/render.ts'
import { createStepParser } from '../src/dsl/parse-step.ts'
import type { StepArgument } from '../src/dsl/step-ast.ts'
import { sampleLanguage } from './support/sample-language.ts'
import { summary } from './support/step-summary.ts'

const parser = createStepParser(sampleLanguage)
const docString = { docString: { content: 'x', line: 2 } }
const table = { table: [['x']] }
const read = (text: string, argument: StepArgument = {}): string => {
  const { value, diagnostics } = parser.parse(text, argument)
  return value ? summary(value) : diagnostics.map(d => renderDiagnostic({ ...d, file: 'a.feature' }, text)).join('\n')
}

describe('assertions: subject · modality · predicate · window', () => {
  it.each([
    // exact
    ['pod catalog eventually Running', 'pod catalog · eventually · status(Running)'],
    ['running pods unaffected while control plane down', 'set every pods running · now · unaffected() while (control plane · down())'],
    // modalities
    ['pod catalog Running', 'pod catalog · now · status(Running)'],
    ['the pod catalog is running', 'pod catalog · now · status(Running)'],
    ['pod catalog should be Ready', 'pod catalog · now · ready()'],
    ['pod catalog should eventually be Ready', 'pod catalog · eventually · ready()'],
    ['pod catalog is eventually Ready', 'pod catalog · eventually · ready()'],
    ['pod catalog eventually is Ready', 'pod catalog · eventually · ready()'],
    ['pod catalog is Ready within 30s', 'pod catalog · eventually within 30000 · ready()'],
    ['pod catalog within 30s Ready', 'pod catalog · eventually within 30000 · ready()'],
    ['within 45 minutes, pod catalog is Ready', 'pod catalog · eventually within 2700000 · ready()'],
    ['pod catalog never gone', 'pod catalog · never · gone()'],
    ['pod catalog is never gone for 5m', 'pod catalog · never for 300000 · gone()'],
    ['pod catalog always Ready', 'pod catalog · always · ready()'],
    ['pod catalog stays Ready for 1 hour 30 minutes', 'pod catalog · always for 5400000 · ready()'],
    ['pod catalog is Ready for 5m', 'pod catalog · always for 300000 · ready()'],
    ['pod catalog eventually Ready and stays so for 1m', 'pod catalog · eventually stays 60000 · ready()'],
    ['pod catalog eventually Ready within 30s and stays so for 1m', 'pod catalog · eventually within 30000 stays 60000 · ready()'],
    // whatever kubectl's STATUS column may say
    ['pod catalog is Init:CrashLoopBackOff', 'pod catalog · now · status(Init:CrashLoopBackOff)'],
    ['pod catalog is OutOfephemeral-storage', 'pod catalog · now · status(OutOfephemeral-storage)'],
    ['node worker-1 is Ready,SchedulingDisabled', 'node worker-1 · now · status(Ready,SchedulingDisabled)'],
    // names that are words of ours, and plurals that are not
    ['pod eventually eventually Running', 'pod eventually · eventually · status(Running)'],
    ['pod while is Ready while node within down', 'pod while · now · ready() while (node within · down())'],
    ['pods never Running', 'set every pods · never · status(Running)'],
    ['pods catalog Running', 'pods catalog · now · status(Running)'],
    ['ingress web Ready', 'ingress web · now · ready()'],
    // subjects
    ['deployment web/catalog Ready', 'deployment web/catalog · now · ready()'],
    ['deploy catalog in namespace bookstore is Ready', 'deploy bookstore/catalog · now · ready()'],
    ['widgets.example.com w1 absent', 'widgets.example.com w1 · now · gone()'],
    ['pods of deployment catalog are Ready', 'set every pods of deployment catalog · now · ready()'],
    ['all pods Ready', 'set all pods · now · ready()'],
    ['a pod of deployment catalog is Ready', 'set at least 1 pod of deployment catalog · now · ready()'],
    ['2 pods of deployment catalog are Ready', 'set exactly 2 pods of deployment catalog · now · ready()'],
    ['at least 2 pods labelled app=x,tier!=db in any namespace are Ready', 'set at least 2 pods [app=x,tier!=db] in any · now · ready()'],
    ['at most one pod on node worker-1 is Ready', 'set at most 1 pod on worker-1 · now · ready()'],
    ['no pod of $owner is Ready', 'set exactly 0 pod of $owner · now · ready()'],
    [
      'running pods labelled app=x on node worker-2 in namespace y are Ready',
      'set every pods [app=x] on worker-2 running in y · now · ready()',
    ],
    [
      'running pods in namespace y on node worker-2 labelled app=x are Ready',
      'set every pods [app=x] on worker-2 running in y · now · ready()',
    ],
    ['container app in pod catalog restarted 2 times', 'container app of pod catalog · now · restarted(2)'],
    ['etcd member etcd-2 is down', 'etcd etcd-2 · now · down()'],
    ['the kubelet on worker-1 is down', 'kubelet on worker-1 · now · down()'],
    ['kube-proxy on node worker-1 is not down', 'kube-proxy on worker-1 · now · not down()'],
    ['$victim is eventually gone', '$victim · eventually · gone()'],
    ['the request "create pod catalog" prints "a \\"b\\""', 'request create pod catalog · now · prints(a "b")'],
    [
      'requests from pod orders to service catalog are served only by ready pods',
      'traffic from pod orders to service catalog · now · served()',
    ],
    ['file "/data/x" in container app of pod db-0 has field .x', 'file /data/x in container app of pod db-0 · now · has-field(.x)'],
    ['at least 2 of the pods of deployment web are Ready', 'set at least 2 pods of deployment web · now · ready()'],
    ['The control plane is down', 'control plane · now · down()'],
    // negation, inflection, counts
    ['pod catalog is not Ready', 'pod catalog · now · not ready()'],
    ['pod catalog does not have label a=b', 'pod catalog · now · not has-label(a=b)'],
    ['pods have no label a', 'set every pods · now · not has-label(a)'],
    ['the last command does not print "x"', 'last command · now · not prints(x)'],
    ['traffic "shoppers" loses no request', 'traffic shoppers · now · lose(0)'],
    ['traffic "shoppers" loses at most 3 requests', 'traffic shoppers · now · lose(at most 3)'],
    ['deployment web has more than 2 ready replicas', 'deployment web · now · has-replicas(more than 2)'],
    ['deployment web has 1 ready replicas', 'deployment web · now · has-replicas(1)'],
    ['pod a has condition Ready=False with reason ContainersNotReady', 'pod a · now · has-condition(Ready, False, ContainersNotReady)'],
    ['pod a has field {.items[?(@.a == "b")].x} "y z"', 'pod a · now · has-field({.items[?(@.a == "b")].x}, y z)'],
    ['pod a has the same .spec.clusterIP as $before', 'pod a · now · same(.spec.clusterIP, $before)'],
    // windows and truth
    ['pod a is Ready, within 30s', 'pod a · eventually within 30000 · ready()'],
    [
      'pod a stays Ready, while pods labelled a=b,c are Ready, until node w is down',
      'pod a · always · ready() while (set every pods [a=b,c] · ready()) until (node w · down())',
    ],
    [
      'pod a is Ready on the node while node w is down until kube-scheduler is not down',
      'pod a · now · ready() @node while (node w · down()) until (kube-scheduler · not down())',
    ],
    [
      'pod a always Ready after 2 pods of deployment b are Ready before the control plane is down',
      'pod a · always · ready() after (set exactly 2 pods of deployment b · ready()) before (control plane · down())',
    ],
    ['pod a never gone while pod b is Ready on the node', 'pod a · never · gone() while (pod b · ready() @node)'],
    ['while node w is down on the node, pod a is Ready', 'pod a · now · ready() while (node w · down() @node)'],
    [
      'Within 30s, until node w is down, pod a eventually Ready after pod b is Ready',
      'pod a · eventually within 30000 · ready() until (node w · down()) after (pod b · ready())',
    ],
    ['while pods labelled a=b,c are not Ready, eventually, pod a is Ready', 'pod a · eventually · ready() while (set every pods [a=b,c] · not ready())'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))
})

describe('sentences', () => {
  it.each([
    ['a cluster', 'world cluster()'],
    ['A cluster with at least 3 nodes', 'world cluster(at least 3)'],
    ['deployment catalog with 3 replicas of image "x"', 'world deployment(catalog, 3, x)'],
    ['clients send 10 requests per second to service catalog as "shoppers"', 'world clients(10, catalog, shoppers)'],
    ['I delete a pod of deployment demo as "victim"', 'action delete(set at least 1 pod of deployment demo) → $victim'],
    ['as user "ana" in groups "dev, qa" I delete pod web/catalog', 'action delete(pod web/catalog) as ana[dev,qa]'],
    ['as an unknown client I apply "f.yaml"', 'action apply(f.yaml) as system:anonymous[]'],
    ['I remember pod db-0 as "before"', 'action remember(pod db-0, before)'],
    ['I scale deployment catalog in namespace x to 5', 'action scale(deployment x/catalog, 5)'],
    ['the kubelet on worker-1 stops', 'fault component-down(kubelet on worker-1)'],
    ['node $busy goes down', 'fault node-down($busy)'],
    ['1 hour 30 minutes pass', 'time pass(5400000)'],
    ['1 second passes', 'time pass(1000)'],
    ['the stuck stage of pod catalog is "scheduling"', 'sentence stuck(pod catalog, scheduling)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  it('take what stands below them', () => {
    expect(read('I apply:', docString)).toBe('action apply-inline()')
    expect(read('the journey of pod catalog is exactly:', table)).toBe('sentence journey(pod catalog)')
    expect(read('the last command eventually prints within 30s:', docString)).toBe(
      'last command · eventually within 30000 · prints-lines()',
    )
  })
})

describe('what does not fit', () => {
  it.each([
    ['pod catalog eventualy Running', 13, 'pod catalog eventually Running'],
    ['pdo catalog is Running', 1, 'pod catalog is Running'],
    ['pod catalog is Runing', 16, 'pod catalog is Running'],
    ['pod catalog eventually Running while contrl plane down', 38, 'pod catalog eventually Running while control plane down'],
    ['pod catalog eventually Running whle control plane down', 32, 'pod catalog eventually Running while control plane down'],
    ['I aply "x.yaml"', 3, 'I apply "x.yaml"'],
    ['the control plane gos down', 19, 'the control plane goes down'],
    ['deployment web has 3 raedy replicas', 22, 'deployment web has 3 ready replicas'],
    ['I cordon worker-1', 10, 'I cordon node worker-1'],
    ['pod catalog eventualy Runing', 13, 'pod catalog eventually Running'],
    ['pod catalog eventually Running within 30', 39, 'pod catalog eventually Running within 30s'],
    ['pod Catalog is Ready', 5, 'pod catalog is Ready'],
    ['5 minuts pass', 1, '5 minutes pass'],
    ['pod catalog is eventually in state Running', 27, 'pod catalog is eventually Running'],
  ])('%s: column %i', (text, column, suggestion) => {
    const { value, diagnostics } = parser.parse(text)
    expect(value).toBeUndefined()
    expect(diagnostics.map(d => [d.code, d.span.column])).toEqual([['step-undefined', column]])
    expect(diagnostics[0].suggestions).toContain(suggestion)
  })

  it('is shown with a caret, what could stand there and the nearest form', () => {
    expect(read('the stuck stage of pod catalog was "scheduling"')).toMatchInlineSnapshot(`
      "error[step-undefined]: \`was\` does not fit here: no step or assertion reads like this
        at a.feature:1:32
        1 | the stuck stage of pod catalog was "scheduling"
          |                                ^^^
        did you mean \`the stuck stage of pod catalog is "scheduling"\`?"
    `)
    expect(read('pod catalog is Ready within soon')).toMatchInlineSnapshot(`
      "error[step-undefined]: \`soon\` does not fit here: no step or assertion reads like this
        at a.feature:1:29
        1 | pod catalog is Ready within soon
          |                             ^^^^
        expected a duration such as \`5m\` or \`45 minutes\`
        help \`kscenario steps\` lists everything that can be said"
    `)
    expect(read('pod catalog')).toMatchInlineSnapshot(`
      "error[step-undefined]: the sentence is not complete
        at a.feature:1:12
        1 | pod catalog
          |            ^
        expected a predicate such as \`Ready\`
        help \`kscenario steps\` lists everything that can be said"
    `)
  })

  it('says when table, doc string or colon are missing or too many', () => {
    const codes = (text: string, argument: StepArgument = {}) => parser.parse(text, argument).diagnostics.map(d => d.code)
    expect(codes('I apply:')).toEqual(['step-argument-missing'])
    expect(codes('I apply:', table)).toEqual(['step-argument-unexpected'])
    expect(codes('pod catalog is Ready', table)).toEqual(['step-argument-unexpected'])
    expect(codes('the nodes', table)).toEqual(['step-undefined'])
  })

  it('says when modality and windows contradict each other, or the subject is of the wrong kind', () => {
    const said = (text: string) => parser.parse(text).diagnostics.map(d => [d.code, d.span.column])
    expect(said('pod catalog eventually never Ready')).toEqual([['assertion-window', 24]])
    expect(said('pod catalog always Ready within 3s')).toEqual([['assertion-window', 26]])
    expect(said('deployment web is served only by ready pods')).toEqual([['step-undefined', 19]])
    expect(said('pod catalog is Ready while etcd is Ready')).toEqual([['step-undefined', 36]])
  })

  it('shows both readings of an ambiguous sentence', () => {
    const twice = createStepParser({
      steps: [
        ...sampleLanguage.steps,
        { id: 'other', kind: 'fault', phrases: ['{word} worker-1 goes down'] },
        { id: 'trace', kind: 'sentence', phrases: ['pod {name} is Ready'] },
      ],
      predicates: sampleLanguage.predicates,
    })
    for (const text of ['node worker-1 goes down', 'pod catalog is Ready']) {
      const { value, diagnostics } = twice.parse(text)
      expect(value).toBeUndefined()
      expect(diagnostics.map(d => [d.code, d.notes.length])).toEqual([['step-ambiguous', 2]])
    }
  })

  it('never throws and always answers', () => {
    const words = fc.constantFrom(
      'pod',
      'pods',
      'catalog',
      'eventually',
      'is',
      'not',
      'while',
      'until',
      'within',
      '30s',
      'control plane',
      'down',
      'Ready',
      'has',
      'no',
      '3',
      'replicas',
      'of',
      'the',
      '"',
      '"x"',
      'as',
      '$x',
      'on the node',
      ',',
      'for',
      'I',
      'apply',
      'delete',
      ':',
      '{.a',
      'at least',
      'a',
      'unaffected',
      '🚀',
      '\\',
      '\u00a0',
      'can\u2019t',
      'a,',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words, { maxLength: 30 }).map(w => w.join(' ')),
          fc.string({ unit: 'binary' }),
          fc.string(),
        ),
        text => {
          const { value, diagnostics } = parser.parse(text)
          expect(value === undefined).toBe(diagnostics.length > 0)
        },
      ),
      { numRuns: 2000, seed: 3 },
    )
    const long = `pod a is Ready${' while pod a is Ready'.repeat(40)}`
    expect(parser.parse(long).diagnostics.length).toBeLessThan(2)
  })
})
