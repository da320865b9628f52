import type { ContainerSubject } from '../../dsl/step-ast.ts'
import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import { referenceOf } from '../subjects/index.ts'
import { containersOf, podSpecOf, templated, withContainers } from './contents.ts'
import { onlyOf } from './fitting.ts'
import { conditionOf, conditionText, everStored, holdsIf, moot } from './support.ts'

/** The containers that are spoken of: the one that is named, or all of a pod or of a template. */
function containersAsked(subject: ResolvedSubject): readonly any[] {
  if (subject.type !== 'container') return containersOf(subject)
  const name = (subject.ast as ContainerSubject).container
  return [...containersOf(subject), ...(subject.object.spec?.initContainers ?? [])].filter(c => c.name === name)
}
const origin = ({ valueFrom: { configMapKeyRef: map, secretKeyRef: secret } }: any): string =>
  map ? `key ${map.key} of configmap ${map.name}` : secret ? `key ${secret.key} of secret ${secret.name}` : 'a field of the pod'

const variable = definePredicate({
  id: 'environment-variable', subjects: ['object', 'container'], misfit: withContainers, parameters: { name: 'word', value: 'value' },
  phrases: [
    'has environment variable {name} with value {value}', 'has environment variable {name} set to {value}', 'has environment variable {name} = {value}',
    'has environment variable {name} {value}', 'has environment variable {name}',
  ],
  doc:
    'One of its containers (of a workload: of its pod template; or the container that is named) is given this variable by its spec, with this value if one is said. Where the value, or all of them (envFrom), come from a ConfigMap or a Secret, the spec does not tell: `I run "kubectl exec web -- printenv COLOUR"` does.',
  examples: [
    'pod catalog has environment variable COLOUR with value "blue"', 'container app in pod catalog has environment variable COLOUR',
    'deployment catalog has environment variable COLOUR = blue', 'pod catalog has no environment variable DEBUG',
  ],
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  test(subject, { name, value }) {
    if (!/^[A-Za-z_.-][\w.-]*$/.test(name)) throw new CannotRun(`\`${name}\` is no name of an environment variable: write \`COLOUR = blue\``)
    const containers = containersAsked(subject), all = containers.flatMap(c => c.env ?? []), named = all.filter(e => e.name === name)
    if (containers.length === 0) return moot('there is no such container')
    if (named.length === 0) {
      const from = containers.flatMap(c => c.envFrom ?? []).map(e => e.configMapRef ? `configmap ${e.configMapRef.name}` : `secret ${e.secretRef?.name}`)
      return from.length > 0 ? moot(`whatever ${from.join(' and ')} holds`) : { no: all.length ? `variables ${all.map(e => e.name).join(', ')}` : 'no variables' }
    }
    if (value === undefined || named.some(e => !e.valueFrom && (e.value ?? '') === value)) return true
    const other = named.find(e => e.valueFrom)
    return other ? moot(`${name} is ${origin(other)}`) : { no: named.map(e => `${name}=${e.value ?? ''}`).join(', ') }
  },
})

/** What each volume holds of a kind, by the name of the volume. */
function volumesOf(spec: any, resource: string, name: string): readonly string[] {
  const of = ({ configMap, secret, persistentVolumeClaim: claim, projected }: any): readonly any[] => resource === 'configmaps'
    ? [configMap?.name, ...(projected?.sources ?? []).map((s: any) => s.configMap?.name)]
    : resource === 'secrets' ? [secret?.secretName, ...(projected?.sources ?? []).map((s: any) => s.secret?.name)] : [claim?.claimName]
  return (spec?.volumes ?? []).filter((v: any) => of(v).includes(name)).map((v: any) => v.name)
}
const mountable = ['configmaps', 'secrets', 'persistentvolumeclaims']
const mounts = definePredicate({
  id: 'mounts', phrases: ['mounts {other}', 'mounts {other} at {path}'], parameters: { other: 'subject', path: 'text' },
  subjects: ['object', 'container'], misfit: withContainers,
  doc:
    'One of its containers (of a workload: of its pod template; or the container that is named) mounts a volume that is made of this ConfigMap, Secret or PersistentVolumeClaim, at this path if one is said. Claims that a StatefulSet makes by its template are mounted by its pods.',
  examples: [
    'pod catalog mounts configmap settings', 'deployment catalog mounts secret db at "/etc/db"', 'container app in pod catalog does not mount pvc data',
  ],
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  test(subject, { other, path }, at) {
    const { ref, label } = referenceOf(other, at)
    if (!mountable.includes(ref.resource)) throw new CannotRun(`${label}: ConfigMaps, Secrets and PersistentVolumeClaims are mounted`)
    const containers = containersAsked(subject), volumes = volumesOf(podSpecOf(subject), ref.resource, ref.name)
    if (containers.length === 0) return moot('there is no such container')
    const paths = containers.flatMap(c => c.volumeMounts ?? []).filter((m: any) => volumes.includes(m.name)).map((m: any) => m.mountPath as string)
    if (paths.length === 0 && !everStored(at, ref)) return moot(`there is no ${label}`)
    const slashless = (text: string): string => text.replace(/(?<=.)\/$/, '')
    return holdsIf(paths.some(p => path === undefined || slashless(p) === slashless(path)), () =>
      paths.length > 0 ? `at ${paths.join(', ')}` : volumes.length > 0 ? `volume ${volumes.join(', ')} is mounted by none of them` : 'no such volume')
  },
})
const account = definePredicate({
  id: 'service-account', phrases: ['uses service account {name}', 'uses serviceaccount {name}', 'runs as service account {name}', 'runs as serviceaccount {name}'],
  parameters: { name: 'namespace' }, subjects: ['object'], misfit: onlyOf('pods', ...templated),
  doc: 'Its pods are known to the API server as this ServiceAccount (spec.serviceAccountName, `default` where none is named).',
  examples: ['pod catalog uses service account robot', 'deployment catalog runs as serviceaccount robot'],
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  test(subject, { name }, at): PredicateResult {
    const found = podSpecOf(subject)?.serviceAccountName ?? 'default', namespace = subject.ref?.namespace
    const wanted = typeof name === 'string' ? name : at.context.bindings.get(name.binding)?.name
    if (found !== wanted && !everStored(at, { resource: 'serviceaccounts', namespace, name: wanted ?? '' })) return moot(`there is no serviceaccount ${wanted}`)
    return holdsIf(found === wanted, () => `serviceaccount ${found}`)
  },
})
const suspended = definePredicate({
  id: 'suspended', phrases: ['suspended'], subjects: ['object'], misfit: onlyOf('cronjobs.batch', 'jobs.batch'),
  doc: 'A CronJob that makes no Jobs until it is resumed (spec.suspend); a Job whose condition Suspended is True.',
  examples: ['cronjob tick is suspended', 'job report is eventually suspended'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension',
  test: ({ object, ref }) => ref?.resource === 'jobs.batch'
    ? holdsIf(conditionOf(object, 'Suspended')?.status === 'True', () => conditionText(object, 'Suspended'))
    : holdsIf(object.spec?.suspend === true, () => 'spec.suspend is false'),
})
const paused = definePredicate({
  id: 'paused', phrases: ['paused'], subjects: ['object'], misfit: onlyOf('deployments.apps'),
  doc: 'A Deployment whose rollout is paused (spec.paused).', examples: ['deployment web is paused', 'deployment web is not paused'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment',
  test: ({ object }) => holdsIf(object.spec?.paused === true, () => 'spec.paused is false'),
})
export const settings: readonly PredicateDefinition[] = [variable, mounts, account, suspended, paused]
