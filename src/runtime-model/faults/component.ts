import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'

/** The processes that a scenario means: `{ component, node?, member? }`, or a sentence that says why there are none. */
export function processes(cluster: Cluster, args: Readonly<Record<string, any>>): string[] | string {
  const { component, node, member } = args
  if (component === 'control plane') return cluster.controlPlane()
  if (cluster.options.managed && ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'].includes(component)) {
    return `the control plane of a managed cluster is one thing that its provider runs: only "the control plane" can go down, not ${component}`
  }
  const ids = cluster.kernel.ids(component).filter(id =>
    (node === undefined || cluster.kernel.actor(id).host === node) && (member === undefined || id === `etcd/${member}`))
  if (ids.length === 0) return `there is no ${component}${node ? ` on ${node}` : ''}${member ? ` member ${member}` : ''} in this cluster`
  return ids
}

const label = (args: Readonly<Record<string, any>>): string =>
  `${args.member ? `etcd member ${args.member}` : args.component}${args.node ? ` on ${args.node}` : ''}`
const each = (cluster: Cluster, args: Readonly<Record<string, any>>, act: (id: string) => boolean): number | string => {
  const ids = processes(cluster, args)
  return typeof ids === 'string' ? ids : ids.filter(act).length
}
const parameters = { component: 'control plane, or a component', node: 'only on this machine', member: 'only this etcd member' }
const example = { component: 'kube-scheduler' }

export const componentDown = defineFault({
  id: 'component-down', doc: 'The process ends and stays down until it comes back (its supervisor is told to leave it).', parameters, example, target: label,
  inject: (cluster, args) => each(cluster, args, id => cluster.kernel.stop(id)),
  heal: (cluster, args) => each(cluster, args, id => cluster.kernel.start(id)) as number > 0,
})
export const componentCrash = defineFault({
  id: 'component-crash', doc: 'The process ends; its supervisor (a kubelet with static pods, systemd) starts it again after a second, then after 10 s, 20 s …',
  parameters, example, target: label,
  inject: (cluster, args) => each(cluster, args, id => cluster.kernel.crash(id)),
})
export const componentHang = defineFault({
  id: 'component-hang', doc: 'The process is frozen (SIGSTOP): it keeps its connections and answers nothing until it resumes, or its kubelet ends it.', parameters, example,
  target: label,
  inject: (cluster, args) => each(cluster, args, id => cluster.kernel.hang(id)),
  heal: (cluster, args) => each(cluster, args, id => cluster.kernel.resume(id)) as number > 0,
})
