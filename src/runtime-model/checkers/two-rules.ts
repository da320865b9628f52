import { defineChecker } from './checker.ts'

/** Rule 1 of the architecture. etcdctl is the operator's tool on an etcd machine, and named as such in the trace. */
export const onlyApiServerTalksToEtcd = defineChecker({
  id: 'only-kube-apiserver-talks-to-etcd', doc: 'No process but kube-apiserver (and the operator\'s etcdctl) sends requests to etcd.',
  source: 'https://kubernetes.io/docs/concepts/overview/components/#etcd', types: ['etcd'],
  check: o => o.type === 'etcd' && !o.actor.startsWith('kube-apiserver') && !o.actor.startsWith('etcdctl')
    ? `${o.actor} asked etcd to ${o.operation} ${o.key ?? ''}`
    : undefined,
})

export const revisionsGrow = defineChecker({
  id: 'revisions-grow',
  doc: 'Each change of an object is committed at a higher revision than the one before, as long as etcd keeps its disks and is not restored from a snapshot.',
  source: 'https://etcd.io/docs/v3.6/learning/api_guarantees/', types: ['object', 'fault', 'etcd'],
  initial: () => ({ revision: 0 }),
  check(o, last) {
    // a group that has lost every disk begins anew at revision 1
    if (o.type === 'fault' && o.fault === 'etcd-disk-loss') last.revision = 0
    // an older keyspace goes on from its own revision
    if (o.type === 'etcd' && o.operation === 'restore') last.revision = 0
    if (o.type !== 'object') return undefined
    const before = last.revision
    last.revision = Math.max(before, o.revision)
    return o.revision < before ? `${o.kind} ${o.name} was committed at revision ${o.revision}, after ${before}` : undefined
  },
})
