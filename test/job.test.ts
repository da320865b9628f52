import { expect, test } from 'vitest'
import { formatIndexes, parseIndexes } from '../src/runtime-model/kube-controller-manager/job/index-sets.ts'
import { job, startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const create = (c: Controllers, body: any): void => {
  expect(c.ask({ verb: 'create', group: 'batch', resource: 'jobs', namespace: 'default', body }).code).toBe(201)
}
const patch = (c: Controllers, spec: any): void => {
  expect(
    c.ask({
      verb: 'patch', group: 'batch', resource: 'jobs', namespace: 'default', name: 'bake', patchType: 'application/merge-patch+json', body: { spec },
    }).code
  ).toBe(200)
}
const status = (c: Controllers): any => c.stored('jobs.batch')[0].status
const conditions = (c: Controllers): string[] => (status(c).conditions ?? []).map((x: any) => `${x.type} ${x.status} ${x.reason}`)
const wait = (c: Controllers, seconds: number): void => { c.kernel.runTo(c.kernel.now + seconds * 1000) }
const template = (restartPolicy: string): any =>
  ({ metadata: { labels: { app: 'bake' } }, spec: { restartPolicy, containers: [{ name: 'app', image: 'bake:1' }] } })

test('a Job runs as many pods as it may until enough have succeeded, and counts each once', () => {
  const c = startControllers()
  create(c, job('bake', { completions: 5, parallelism: 2 }))
  let most = 0
  c.kernel.observe(o => {
    if (o.type === 'object' && o.kind === 'Pod') most = Math.max(most, c.stored('pods').filter(p => p.status.phase === 'Pending').length)
  })
  c.runPods(() => 'Succeeded')
  expect(most).toBe(2)
  expect(status(c)).toMatchObject({ succeeded: 5, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
  expect(conditions(c)).toEqual(['SuccessCriteriaMet True CompletionsReached', 'Complete True CompletionsReached'])
  expect(c.stored('pods').filter(p => p.metadata.finalizers)).toEqual([])
  expect(c.events('bake').at(-1)).toBe('Normal Completed: Job completed')
})

test('failures are retried after 10 s, 20 s, 40 s until the limit is passed', () => {
  const c = startControllers(), made: number[] = []
  c.kernel.observe(o => { if (o.type === 'object' && o.kind === 'Pod' && o.change === 'ADDED') made.push(o.at) })
  create(c, job('bake', { backoffLimit: 3 }))
  for (let i = 0; i < 20; i++) { c.runPods(() => ({ exitCode: 1 })); wait(c, 5) }
  expect(made.slice(1).map((at, i) => Math.round((at - made[i]) / 1000))).toEqual([11, 21, 41].map(n => expect.closeTo(n, -1)))
  expect(status(c).failed).toBe(4)
  expect(conditions(c)).toEqual(['FailureTarget True BackoffLimitExceeded', 'Failed True BackoffLimitExceeded'])
  expect(c.events('bake').at(-1)).toBe('Warning BackoffLimitExceeded: Job has reached the specified backoff limit')
})

test('a deadline ends what still runs', () => {
  const c = startControllers()
  create(c, job('bake', { activeDeadlineSeconds: 30 }))
  c.runPods()
  wait(c, 20)
  expect(conditions(c)).toEqual([])
  wait(c, 15)
  c.runPods()
  expect(conditions(c)).toEqual(['FailureTarget True DeadlineExceeded', 'Failed True DeadlineExceeded'])
  expect(c.stored('pods')).toEqual([])
})

test('suspended, a Job has no pods; resumed, it starts anew', () => {
  const c = startControllers()
  create(c, job('bake', { parallelism: 2, completions: 2 }))
  c.runPods()
  patch(c, { suspend: true })
  c.runPods()
  expect(c.stored('pods')).toEqual([])
  expect(conditions(c)).toEqual(['Suspended True JobSuspended'])
  patch(c, { suspend: false })
  c.runPods(() => 'Succeeded')
  expect(status(c)).toMatchObject({ succeeded: 2 })
  expect(status(c).failed).toBeUndefined()
  expect(c.events('bake').filter(e => /Suspended|Resumed/.test(e))).toEqual(['Normal Suspended: Job suspended', 'Normal Resumed: Job resumed'])
})

test('an Indexed Job gives each pod a name, a label and a variable, and remembers which indexes are done', () => {
  const c = startControllers()
  create(c, job('bake', { completionMode: 'Indexed', completions: 3, parallelism: 3 }))
  c.settle()
  expect(c.stored('pods')
    .map(p => [p.spec.hostname, p.metadata.labels!['batch.kubernetes.io/job-completion-index'], p.spec.containers[0].env[0].name])
    .sort()).toEqual([0, 1, 2].map(i =>
    [`bake-${i}`, String(i), 'JOB_COMPLETION_INDEX']))
  c.runPods(p => p.spec.hostname === 'bake-1' ? 'Ready' : 'Succeeded')
  expect(status(c)).toMatchObject({ completedIndexes: '0,2', succeeded: 2, active: 1 })
  c.runPods(() => 'Succeeded')
})

test('a failure policy ends the Job on a chosen exit code, and overlooks another', () => {
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }, { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } }]
  const strict = startControllers()
  create(strict, job('bake', { podFailurePolicy: { rules } }))
  strict.runPods(() => ({ exitCode: 42 }))
  expect(conditions(strict)).toEqual(['FailureTarget True PodFailurePolicy', 'Failed True PodFailurePolicy'])
  const patient = startControllers()
  create(patient, job('bake', { backoffLimit: 0, podFailurePolicy: { rules } }))
  patient.runPods(() => ({ exitCode: 7 }))
  expect([conditions(patient), status(patient).failed]).toEqual([[], undefined])
})

const index = 'batch.kubernetes.io/job-completion-index', failures = 'batch.kubernetes.io/job-index-failure-count'
test('with a limit per index, each index is tried again by itself, and the others go on', () => {
  const c = startControllers(), made: string[] = []
  c.kernel.observe(o => {
    if (o.type !== 'object' || o.kind !== 'Pod' || o.change !== 'ADDED') return
    const { annotations = {} } = c.stored('pods').find(p => p.metadata.name === o.name)!.metadata
    made.push(`${annotations[index]} after ${annotations[failures]}`)
  })
  create(c, job('bake', { completionMode: 'Indexed', completions: 3, parallelism: 3, backoffLimitPerIndex: 1 }))
  c.runPods(p => p.spec.hostname === 'bake-1' ? { exitCode: 1 } : 'Succeeded')
  expect([made.toSorted(), status(c).failedIndexes, status(c).completedIndexes]).toEqual([['0 after 0', '1 after 0', '2 after 0'], '', '0,2'])
  expect(c.stored('pods').filter(p => p.metadata.finalizers).map(p => p.spec.hostname)).toEqual(['bake-1'])
  wait(c, 15)
  c.runPods(() => ({ exitCode: 1 }))
  expect([made.slice(3), status(c)]).toMatchObject([['1 after 1'], { failedIndexes: '1', completedIndexes: '0,2', succeeded: 2, failed: 2 }])
  expect(conditions(c)).toEqual(['FailureTarget True FailedIndexes', 'Failed True FailedIndexes'])
  expect(c.stored('pods').filter(p => p.metadata.finalizers)).toEqual([])
})

test('more failed indexes than it may have end a Job, and what still runs of it', () => {
  const c = startControllers()
  create(c, job('bake', { completionMode: 'Indexed', completions: 4, parallelism: 4, backoffLimitPerIndex: 0, maxFailedIndexes: 1 }))
  c.runPods(p => /[12]$/.test(p.spec.hostname) ? { exitCode: 1 } : 'Ready')
  expect(conditions(c)).toEqual(['FailureTarget True MaxFailedIndexesExceeded', 'Failed True MaxFailedIndexesExceeded'])
  expect([status(c).failedIndexes, c.stored('pods').length]).toEqual(['1,2', 2])
})

test('a failure policy may end one index at once, or not count a failure of it', () => {
  const rules = [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [42] } }, { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } }]
  const c = startControllers()
  create(c, job('bake', { completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 3, podFailurePolicy: { rules } }))
  c.runPods(p => p.status.phase !== 'Pending' ? 'Ready' : { exitCode: p.spec.hostname === 'bake-0' ? 42 : 7 })
  wait(c, 15)
  const second = c.stored('pods').find(p => p.spec.hostname === 'bake-1' && p.status.phase === 'Pending')!.metadata.annotations!
  expect([status(c).failedIndexes, second[failures], second['batch.kubernetes.io/job-index-ignored-failure-count']]).toEqual(['0', '0', '1'])
})

test('with OnFailure the restarts of a container count', () => {
  const c = startControllers()
  create(c, job('bake', { backoffLimit: 2, template: template('OnFailure') }))
  c.runPods()
  const [pod] = c.stored('pods')
  c.ask({
    verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name: pod.metadata.name, patchType: 'application/merge-patch+json',
    body: { status: { containerStatuses: [{ name: 'app', ready: false, restartCount: 2, image: '', imageID: '' }] } },
  })
  c.runPods()
  expect(conditions(c)).toEqual(['FailureTarget True BackoffLimitExceeded', 'Failed True BackoffLimitExceeded'])
})

test('index lists are written as ranges', () => {
  for (const [text, list] of [['', []], ['0', [0]], ['0,1', [0, 1]], ['0-2', [0, 1, 2]], ['0-2,5,7-9', [0, 1, 2, 5, 7, 8, 9]]] as const) {
    expect(formatIndexes(list)).toBe(text)
    expect(parseIndexes(text, 100)).toEqual(list)
  }
  expect(parseIndexes('0-9', 3)).toEqual([0, 1, 2])
})

test('pods of a Job that is gone need not wait to be counted', () => {
  const c = startControllers()
  create(c, job('bake'))
  c.runPods()
  c.say('delete jobs.batch default/bake {"propagationPolicy":"Background"}')
  c.runPods()
  expect(c.stored('pods')).toEqual([])
})
