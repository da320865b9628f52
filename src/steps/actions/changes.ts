import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { referenceOf } from '../../assertions/subjects/index.ts'
import type { BindingSubject, ObjectSubject } from '../../dsl/step-ast.ts'
import { autoscaled } from '../autoscaled.ts'
import { line, say } from '../command.ts'
import type { ScenarioContext } from '../context.ts'
import { namedBy, namespaceFlag } from '../objects.ts'

const kubectl = 'https://kubernetes.io/docs/reference/kubectl/generated'
type What = ObjectSubject | BindingSubject

const resourceOf = (context: ScenarioContext, what: What): string => referenceOf(what, { driver: context.driver(), context }).ref.resource
/** A merge patch of one object, as `kubectl patch --type=merge` sends it. */
function merged(context: ScenarioContext, what: What, patch: object): Promise<StepOutcome> {
  const named = namedBy(context, what)
  return say(context, line('kubectl', 'patch', named.kind, named.name, ...namespaceFlag(named), '--type=merge', '-p', JSON.stringify(patch)))
}

const expand = defineStep({
  id: 'expand-claim', kind: 'action', phrases: ['I expand/resize/grow {what} to {size}'], parameters: { what: 'subject', size: 'quantity' },
  doc: 'Asks for another size of a PersistentVolumeClaim; whether it gets it is up to its StorageClass (allowVolumeExpansion) and its driver.',
  examples: ['I expand pvc data to 2Gi', 'I resize persistentvolumeclaim data to 5Gi'],
  source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims',
  run(context, { what, size }) {
    const resource = resourceOf(context, what)
    if (resource !== 'persistentvolumeclaims') return { cannotRun: 'a PersistentVolumeClaim has a size that can be changed: `I expand pvc data to 2Gi`' }
    return merged(context, what, { spec: { resources: { requests: { storage: size } } } })
  },
})
const suspend = (word: 'suspend' | 'resume'): StepDefinition => defineStep({
  id: `${word}-jobs`, kind: 'action', phrases: [`I ${word} {what}`], parameters: { what: 'subject' },
  doc: word === 'suspend'
    ? 'Suspends a CronJob, which makes no Jobs until it is resumed, or a Job, whose pods are deleted.' : 'Lets a CronJob or a Job that is suspended go on.',
  examples: [`I ${word} cronjob tick`, `I ${word} job report`], source: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension',
  run(context, { what }) {
    const resource = resourceOf(context, what)
    if (resource === 'jobs.batch' || resource === 'cronjobs.batch') return merged(context, what, { spec: { suspend: word === 'suspend' } })
    const meant = resource === 'deployments.apps' ? `: \`I ${word === 'suspend' ? 'pause' : 'resume'} the rollout of deployment web\` is what stops one and lets it go on` : ''
    return { cannotRun: `jobs and cronjobs can be suspended${meant}` }
  },
})
const jobFrom = defineStep({
  id: 'job-from-cronjob', kind: 'action', phrases: ['I create job {name} from {what}'], parameters: { name: 'namespace', what: 'subject' },
  doc: 'Makes a Job of a CronJob by hand, at once.', examples: ['I create job now from cronjob tick', 'I create a job now from cronjob tick'],
  source: `${kubectl}/kubectl_create/kubectl_create_job/`,
  run(context, { name, what }, { ast }) {
    const named = namedBy(context, what)
    return say(context, line('kubectl', 'create', 'job', name, `--from=cronjob/${named.name}`, ...namespaceFlag(named)), { bind: ast.bind })
  },
})
const setVariable = defineStep({
  id: 'set-environment-variable', kind: 'action',
  phrases: ['I set environment variable {pair} on/of/in/for {what}', 'I set environment variable {name} of/in/on {what} to {value}'],
  parameters: { pair: 'value', name: 'word', what: 'subject', value: 'value' },
  doc: 'Gives the containers of a workload an environment variable, which begins a rollout.',
  examples: ['I set environment variable COLOUR=green on deployment web', 'I set environment variable COLOUR of deployment web to "green"'],
  source: `${kubectl}/kubectl_set/kubectl_set_env/`,
  run(context, { pair, name, what, value }) {
    const named = namedBy(context, what), text = pair ?? `${name}=${value}`
    if (!/^[^=]+=/.test(text)) return { cannotRun: `an environment variable is NAME=value, which ${text} is not` }
    return say(context, line('kubectl', 'set', 'env', `${named.kind}/${named.name}`, text, ...namespaceFlag(named)))
  },
})
const setKey = defineStep({
  id: 'set-key', kind: 'action', phrases: ['I set/change/update key {key} of/in {what} to {value}'], parameters: { key: 'value', what: 'subject', value: 'value' },
  doc: 'Gives a key of a ConfigMap or a Secret another value (a Secret\'s as it is read, not in base64).',
  examples: ['I set key COLOUR of configmap settings to "green"', 'I change key password of secret db to "new"'],
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
  run(context, { key, what, value }) {
    const resource = resourceOf(context, what)
    if (resource === 'configmaps') return merged(context, what, { data: { [key]: value } })
    return resource === 'secrets' ? merged(context, what, { stringData: { [key]: value } }) : { cannotRun: 'a ConfigMap or a Secret has keys' }
  },
})
const expose = defineStep({
  id: 'expose', kind: 'action', phrases: ['I expose {what} on port {port}', 'I expose {what} on port {port} as service {name}'],
  parameters: { what: 'subject', port: 'int', name: 'namespace' },
  doc: 'Makes a Service in front of the pods of a workload, called as it is unless another name is given.',
  examples: ['I expose deployment web on port 80', 'I expose deployment web on port 80 as service shop'], source: `${kubectl}/kubectl_expose/`,
  run(context, { what, port, name }, { ast }) {
    const named = namedBy(context, what), as = name === undefined ? [] : [`--name=${name}`]
    return say(context, line('kubectl', 'expose', named.kind, named.name, `--port=${port}`, ...as, ...namespaceFlag(named)), { bind: ast.bind })
  },
})
const autoscale = defineStep({
  id: 'autoscale', kind: 'action', phrases: ['I autoscale {what} between {min} and {max} replica(s) at {cpu} CPU', 'I autoscale {what} from {min} to {max} replica(s) at {cpu} CPU'],
  parameters: { what: 'subject', min: 'int', max: 'int', cpu: 'value' },
  doc: 'Makes a HorizontalPodAutoscaler that aims at this share of the CPU that is requested (`50%`); it is called as the workload is.',
  examples: ['I autoscale deployment web between 2 and 10 replicas at 50% CPU'], source: `${kubectl}/kubectl_autoscale/`,
  run: (context, { what, min, max, cpu }, { ast }) => autoscaled(context, what, { min, max, cpu }, { bind: ast.bind }),
})
const snapshot = defineStep({
  id: 'etcd-snapshot', kind: 'action', phrases: ['I back up etcd to {file}', 'I save/take (an) etcd snapshot {file}'], parameters: { file: 'text' },
  doc: 'Saves the keyspace of etcd to a file, as `etcdctl snapshot save` does.', examples: ['I back up etcd to "snap.db"', 'I take an etcd snapshot "snap.db"'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#built-in-snapshot',
  run: (context, { file }) => say(context, line('etcdctl', 'snapshot', 'save', file)),
})
export const changes: readonly StepDefinition[] = [
  expand, suspend('suspend'), suspend('resume'), jobFrom, setVariable, setKey, expose, autoscale, snapshot,
]
