import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { refusal } from '../outcome.ts'
import { describe } from './stage.ts'

const encrypted = defineStep({
  id: 'secrets-encrypted', kind: 'world', phrases: ['secrets are encrypted at rest'],
  doc: 'The API servers encrypt Secrets before they put them into etcd (aescbc).',
  examples: ['secrets are encrypted at rest'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/',
  run: context => describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, secretsEncrypted: true } })),
})
const metricsServer = defineStep({
  id: 'metrics-server', kind: 'world', phrases: ['metrics-server is installed'],
  doc: 'The cluster has a metrics-server; without this step it has none.',
  examples: ['metrics-server is installed'],
  run: () => ({ notModelled: 'metrics-server' }),
})
const enforcing = ['calico', 'cilium', 'weave', 'antrea'], others = ['flannel', 'kindnet', 'bridge']
const cni = defineStep({
  id: 'cni', kind: 'world', phrases: ['the CNI is {plugin}'], parameters: { plugin: 'text' },
  doc: 'Which network plugin connects the pods; whether it enforces NetworkPolicy depends on it (flannel does not).',
  examples: ['the CNI is "calico"'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  run: (context, { plugin }) => [...enforcing, ...others].includes(plugin)
    ? describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, cni: plugin } }))
    : { notModelled: `the CNI ${plugin} (known: ${[...enforcing, ...others].join(', ')})` },
})
const user = defineStep({
  id: 'user', kind: 'world', phrases: ['user {name}', 'user {name} in groups {groups}', 'user {name} in group {groups}'], parameters: { name: 'text', groups: 'text' },
  doc: 'A user of the cluster and its groups; `as user "ana"` in front of an action then says who acts. Nobody has rights until some are given.',
  examples: ['user "ana" in groups "dev, qa"', 'user "ana"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes',
  run(context, { name, groups = '' }) { context.users.set(name, groups.split(',').map((g: string) => g.trim()).filter(Boolean)) },
})
const usage = defineStep({
  id: 'pod-usage', kind: 'world', phrases: ['{pods} use/uses {cpu} CPU and {memory} memory', '{pods} use/uses {cpu} CPU', '{pods} use/uses {memory} memory'],
  parameters: { pods: 'any-subject', cpu: 'quantity', memory: 'quantity' },
  doc: 'What the containers of these pods consume.',
  examples: ['pods of deployment web use 900m CPU and 1Gi memory'],
  run(context, { cpu, memory }) {
    const why = context.driver().operate('pod-usage', { cpu, memory })
    if (why) return refusal(why)
  },
})

export const settings: readonly StepDefinition[] = [encrypted, metricsServer, cni, user, usage]
