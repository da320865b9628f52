import type { ComponentSubject } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { line, say } from '../command.ts'
import { faultFamily, injectFault } from './family.ts'

const diskLoss = defineStep({
  id: 'etcd-disk-loss', kind: 'fault', phrases: ['{component} loses its disk'], source: 'https://etcd.io/docs/v3.6/op-guide/recovery/',
  doc: 'An etcd member loses its data and goes down; it comes back empty and is filled by its leader, if there is a quorum.',
  examples: ['etcd member etcd-1 loses its disk'],
  run(context, { component }) {
    const { component: name, member } = component as ComponentSubject
    if (name !== 'etcd') return { cannotRun: 'only an etcd member has a disk that can be lost' }
    const all = context.driver().components().filter(c => c.component === 'etcd')
    if (member === undefined && all.length > 1) {
      return { cannotRun: `which member? There are ${all.map(c => c.node).join(', ')}: write etcd member ${all[0].node} loses its disk` }
    }
    return injectFault(context, 'etcd-disk-loss', { member: member ?? all[0]?.node })
  },
})
const nospace = faultFamily({
  id: 'etcd-nospace', fault: 'etcd-nospace', source: 'https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota',
  doc: 'The keyspace reaches its quota: alarm NOSPACE, no writes until it is compacted, defragmented and disarmed.',
  inject: ['etcd runs out of space'], heal: ['etcd has space again'], examples: { inject: ['etcd runs out of space'], heal: ['etcd has space again'] },
  args: () => ({}),
})
const restore = defineStep({
  id: 'etcd-restore', kind: 'fault', phrases: ['etcd is restored from snapshot {file}', 'etcd is restored from {file}', 'I restore etcd from {file}', 'I restore etcd from snapshot {file}'], parameters: { file: 'text' },
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#restoring-an-etcd-cluster',
  doc: 'Every member is given the keyspace of a snapshot that `etcdctl snapshot save` made, and started.',
  examples: ['etcd is restored from snapshot "snap.db"'],
  run: (context, { file }) => say(context, line('etcdutl', 'snapshot', 'restore', file)),
})
const forced = defineStep({
  id: 'etcd-force-new-cluster', kind: 'fault', phrases: ['{component} goes on alone'], source: 'https://etcd.io/docs/v3.6/op-guide/recovery/',
  doc:
    'An etcd member is started with `--force-new-cluster`: it goes on with all that it holds, and no other member counts any more. The others must be down; new ones are added with `etcdctl member add`.',
  examples: ['etcd member etcd-1 goes on alone'],
  run(context, { component }) {
    const { component: name, member } = component as ComponentSubject
    if (name !== 'etcd' || member === undefined) return { cannotRun: 'which member of etcd? Write: etcd member etcd-1 goes on alone' }
    const why = context.driver().operate('force-new-cluster', { member })
    return typeof why === 'string' ? { cannotRun: why } : undefined
  },
})
export const etcdFaults: readonly StepDefinition[] = [diskLoss, ...nospace, restore, forced]
