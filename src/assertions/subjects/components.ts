import type { ComponentState, Driver } from '../../drivers/driver.ts'
import { mustBeAble } from '../../drivers/driver.ts'
import type { ComponentSubject } from '../../dsl/step-ast.ts'
import { CannotRun } from '../errors.ts'
import type { Place } from './objects.ts'

/** What runs the control plane; everything else is the data plane. */
export const controlPlaneComponents: readonly string[] = ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager']

/** The processes a component subject means; there must be one. */
export function processesOf({ or = [], ...ast }: ComponentSubject, place: Place): readonly ComponentState[] {
  return [ast, ...or.map(other => ast.member === undefined ? { ...ast, node: other } : { ...ast, member: other })].flatMap(one => replicasOf(one, place))
}
function replicasOf(ast: ComponentSubject, { driver }: Place): readonly ComponentState[] {
  const all = driver.components().map(c => c.component === 'coredns' && c.state === 'up' && !hasPods(driver) ? { ...c, state: 'down' as const } : c)
  const found = ast.component === 'control plane' ? all.filter(c => controlPlaneComponents.includes(c.component))
    : all.filter(c =>
      c.component === ast.component && (ast.node === undefined || c.node === ast.node || onHost(c, ast.node))
        && (ast.member === undefined || c.node === ast.member))
  if (found.length === 0) mustBeAble(driver, 'components')
  if (found.length === 0) throw new CannotRun(`there is no ${labelOf(ast)} in this cluster${here(all, ast)}`)
  return found
}
/** CoreDNS is what its pods are: one view of the cluster, which nobody is told of while none of them runs. */
const hasPods = (driver: Driver): boolean => driver.storedList('nodes').some(({ metadata }) => driver.nodeTruth.podsOn(metadata.name).some(pod =>
  pod.namespace === 'kube-system' && pod.containers.some(c => c.name === 'coredns' && c.state === 'running')))
const onHost = (c: ComponentState, node: string): boolean => c.component === 'etcd' && node.replace(/^cp-/, 'etcd-') === c.node
const here = (all: readonly ComponentState[], ast: ComponentSubject): string => {
  const same = all.filter(c => c.component === ast.component).map(c => c.node)
  return same.length ? ` (there are ${same.join(', ')})` : ''
}

export const labelOf = ({ component, member, node, or = [] }: ComponentSubject): string =>
  `${component === 'control plane' ? 'the control plane' : component === 'kubelet' ? 'the kubelet' : member ? `etcd member ${member}` : component}${node ? ` on ${node}` : ''}${or.map(other => ` or ${other}`).join('')}`

/** A replicated component is up while it can do its work: one instance of it, of etcd a majority. */
export function isUp(processes: readonly ComponentState[]): boolean {
  const kinds = [...new Set(processes.map(p => p.component))]
  return kinds.every(kind => {
    const of = processes.filter(p => p.component === kind), up = of.filter(p => p.state === 'up').length
    return kind === 'etcd' ? 2 * up > of.length : ['kubelet', 'kube-proxy'].includes(kind) ? up === of.length : up > 0
  })
}
/** Down: none of it runs (etcd: no majority). */
export function isDown(processes: readonly ComponentState[]): boolean {
  const kinds = [...new Set(processes.map(p => p.component))]
  return kinds.every(kind => {
    const of = processes.filter(p => p.component === kind), down = of.filter(p => p.state === 'down').length
    return kind === 'etcd' ? 2 * down >= of.length : down === of.length
  })
}
