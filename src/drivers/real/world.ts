import { CannotHere } from '../driver.ts'
import type { ClusterOptions } from '../driver.ts'
import type { Mirror } from './mirror.ts'

/** what a run says of every cluster, whichever it is */
const ofTheRun: ReadonlySet<string> = new Set(['seed', 'trace', 'observeMs'])
const isControlPlane = (node: any): boolean => node.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined

/** A scenario describes its cluster; a real one is there already, and must be such a one. Throws CannotHere where it is not, or where nobody can see. */
export function mustBeSuch(world: ClusterOptions, mirror: Mirror, version: string): void {
  const { nodes, controlPlaneNodes, kubernetesVersion, managed, ...rest } = world, all: readonly any[] = mirror.all('nodes')
  const workers = all.filter(n => !isControlPlane(n)).map((n): string => n.metadata.name)
  if (nodes) {
    const asked = nodes.filter(n => n.role !== 'control-plane')
    if (asked.length > workers.length) {
      throw new CannotHere(`the scenario asks for ${asked.length} worker nodes, and this cluster has ${workers.length}: ${workers.join(', ') || 'none'}`)
    }
    const special = asked.find(n => Object.keys(n).some(key => key !== 'name' && key !== 'role'))
    if (special) throw new CannotHere(`how large node ${special.name} is, where it is and how it is marked cannot be chosen`)
  }
  const own = all.length - workers.length
  if (controlPlaneNodes !== undefined && controlPlaneNodes !== own) {
    throw new CannotHere(`the scenario asks for ${controlPlaneNodes} control-plane nodes, and this cluster shows ${own}`)
  }
  if (managed && own > 0) throw new CannotHere('the scenario asks for a managed control plane, and this cluster has nodes of its own for it')
  const minor = (text: string): string | undefined => /^v?(\d+\.\d+)/.exec(text)?.[1]
  if (kubernetesVersion !== undefined && minor(kubernetesVersion) !== minor(version)) {
    throw new CannotHere(`the scenario asks for Kubernetes ${kubernetesVersion}, and this cluster is ${version}`)
  }
  const other = Object.entries(rest).find(([name, value]) => value !== undefined && value !== false && !ofTheRun.has(name))
  if (other) throw new CannotHere(`what the scenario says of its cluster (${other[0]}) cannot be seen or chosen from outside`)
}
