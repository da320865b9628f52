import { stringify } from 'yaml'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { defineStep } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { say } from '../command.ts'

/** Applies an object as `kubectl apply -f -` would. */
export const applied = (context: ScenarioContext, object: object): Promise<StepOutcome> => say(context, 'kubectl apply -f -', { stdin: stringify(object) })

/** `app=web,tier=front` as labels; undefined if it says anything else */
export function labelsOf(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').map(p => p.split(/==?/))
  return pairs.some(p => p.length !== 2) ? undefined : Object.fromEntries(pairs)
}

/** What all workloads have that a sentence describes: label app=NAME and one container, app. */
const labelled = (name: string) => ({ app: name })
const templateOf = (name: string, image: string, spec: object = {}) =>
  ({ metadata: { labels: labelled(name) }, spec: { containers: [{ name: 'app', image }], ...spec } })
const selectorOf = (name: string) => ({ matchLabels: labelled(name) })

/** of a kind that people also write in two words */
export const inWords = (noun: string, words: string, phrases: readonly string[]): string[] =>
  phrases.flatMap(phrase => [phrase, phrase.replace(noun, words)])
/** a sentence with the image behind it */
const imaged = (what: string): string[] => [`${what} of image {image}`, `${what} with image {image}`, `${what} running image {image}`]

const deployment = defineStep({
  id: 'deployment', kind: 'world',
  phrases: [...imaged('deployment {name} with {replicas} replica(s)'), ...imaged('deployment {name}'), 'deployment {name} with image {image} and {replicas} replica(s)'],
  parameters: { name: 'namespace', replicas: 'count', image: 'value' },
  doc: 'A Deployment with label app=NAME and one container, app.',
  examples: ['deployment catalog with 3 replicas of image "bookstore/catalog:dev"'],
  run: (context, { name, replicas, image }) => applied(context, {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: labelled(name) },
    spec: { replicas: replicas?.count ?? 1, selector: selectorOf(name), template: templateOf(name, image) },
  }),
})
const statefulSet = defineStep({
  id: 'statefulset', kind: 'world',
  phrases: inWords('statefulset', 'stateful set', [
    ...imaged('statefulset {name} with {replicas} replica(s)'), ...imaged('statefulset {name}'), 'statefulset {name} with image {image} and {replicas} replica(s)',
  ]),
  parameters: { name: 'namespace', replicas: 'count', image: 'value' },
  doc: 'A StatefulSet with label app=NAME and one container, app. Its Service is called NAME too, and is a step of its own.',
  examples: ['statefulset db with 3 replicas of image "postgres:17"'], source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
  run: (context, { name, replicas, image }) => applied(context, {
    apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, labels: labelled(name) },
    spec: { serviceName: name, replicas: replicas?.count ?? 1, selector: selectorOf(name), template: templateOf(name, image) },
  }),
})
const daemonSet = defineStep({
  id: 'daemonset', kind: 'world', phrases: inWords('daemonset', 'daemon set', imaged('daemonset {name}')),
  parameters: { name: 'namespace', image: 'value' },
  doc: 'A DaemonSet with label app=NAME and one container, app, which runs on every node that takes pods without a toleration.',
  examples: ['daemonset agent of image "shop/agent:1"'], source: 'https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/',
  run: (context, { name, image }) => applied(context, {
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, labels: labelled(name) },
    spec: { selector: selectorOf(name), template: templateOf(name, image) },
  }),
})
/** what a Job's pod is made of: it is not started again, as `kubectl create job` has it */
const jobOf = (name: string, image: string) => ({ template: templateOf(name, image, { restartPolicy: 'Never' }) })
const job = defineStep({
  id: 'job', kind: 'world',
  phrases: [...imaged('job {name}'), ...imaged('job {name} with {completions} completion(s)')],
  parameters: { name: 'namespace', completions: 'count', image: 'value' },
  doc: 'A Job whose pods have label app=NAME and one container, app, and are not started again. Unless its image says otherwise, the container ends with 0 after a second.',
  examples: ['job report of image "shop/report:1"', 'job report with 3 completions of image "shop/report:1"'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/',
  run: (context, { name, completions, image }) => applied(context, {
    apiVersion: 'batch/v1', kind: 'Job', metadata: { name, labels: labelled(name) },
    spec: { ...completions ? { completions: completions.count } : {}, ...jobOf(name, image) },
  }),
})
const cronJob = defineStep({
  id: 'cronjob', kind: 'world',
  phrases: inWords('cronjob', 'cron job', [
    ...imaged('cronjob {name} with schedule {schedule}'), 'cronjob {name} with image {image} and schedule {schedule}',
  ]),
  parameters: { name: 'namespace', schedule: 'text', image: 'value' },
  doc: 'A CronJob with this schedule (five fields, in UTC), whose Jobs are such as `job NAME of image …` makes.',
  examples: ['cronjob tick with schedule "*/5 * * * *" of image "shop/report:1"'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
  run: (context, { name, schedule, image }) => applied(context, {
    apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, labels: labelled(name) }, spec: { schedule, jobTemplate: { spec: jobOf(name, image) } },
  }),
})
const pod = defineStep({
  id: 'pod', kind: 'world',
  phrases: [...imaged('pod {name}'), ...imaged('pod {name} labelled {labels}')],
  parameters: { name: 'namespace', labels: 'selector', image: 'value' },
  doc: 'A Pod of its own, which nobody makes anew, with one container, app, and these labels (app=NAME where none are said).',
  examples: ['pod client of image "busybox"', 'pod client labelled role=client with image "busybox"'],
  run(context, { name, labels: text = `app=${name}`, image }) {
    const labels = labelsOf(text)
    if (labels === undefined) return { cannotRun: `a pod has labels such as app=web, which ${text} is not` }
    return applied(context, { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers: [{ name: 'app', image }] } })
  },
})

export const workloads: readonly StepDefinition[] = [deployment, statefulSet, daemonSet, job, cronJob, pod]
