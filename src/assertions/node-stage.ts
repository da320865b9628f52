import { obstacleOf } from './obstacles.ts'
import { silence } from './stages.ts'
import type { Diagnosis } from './stages.ts'
import type { Place } from './subjects/index.ts'

/**
 * Why a Node does not become Ready: its machine, its kubelet, the API servers that the kubelet reports to, the way between them, or what the kubelet says of
 * itself. Source: https://kubernetes.io/docs/reference/node/node-status/#condition
 */
export function nodeInTrouble(node: any, { driver }: Place): Pick<Diagnosis, 'why' | 'atFault'> | undefined {
  const { name } = node.metadata, truth = driver.nodeTruth.node(name)
  const broken = (what: string, state: string): Pick<Diagnosis, 'why' | 'atFault'> => {
    const is = state === 'hung' ? 'hangs' : `is ${state}`
    return { why: [`${what} ${is}`], atFault: `${what}, which ${is}` }
  }
  if (truth && truth.power !== 'up') return broken(`node ${name}`, truth.power)
  if (truth && truth.kubelet !== 'up') return broken(`the kubelet on ${name}`, truth.kubelet)
  const silent = silence(driver)
  if (silent) return silent
  const obstacle = obstacleOf('kubelet', name, false, driver)
  if (obstacle) return { why: [obstacle.text], ...(obstacle.atFault === undefined ? {} : { atFault: obstacle.atFault }) }
  const ready = node.status?.conditions?.find((c: any) => c.type === 'Ready')
  return ready?.status === 'False' && ready.message ? { why: [`the kubelet on ${name} says: ${ready.message}`] } : undefined
}
