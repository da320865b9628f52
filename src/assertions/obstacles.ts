import type { Driver } from '../drivers/driver.ts'
import { faultText } from './narrate.ts'

/** A fault that holds now and lies on somebody's way, in words; what has failed, where it is a thing. */
export interface Obstacle { readonly fault: string; readonly target: string; readonly text: string; readonly atFault?: string }

/** The thing that a fault is of: a machine, a network, a registry; requests are none. */
export function thingOf(fault: string, target: string): string | undefined {
  if (ofRequests.has(fault)) return undefined
  if (target === 'control plane') return 'the control plane'
  return fault === 'node-pressure' || fault === 'instance-terminated' ? /node \S+/.exec(target)?.[0] : target
}

const ofRequests = new Set(['api-delay', 'api-fail', 'watch-delay', 'watch-drop'])

/** Faults of requests, watches and registries that have not ended. */
function holding(driver: Driver): readonly Obstacle[] {
  const open = new Map<string, Obstacle>(), rules = driver.activeRules && new Set(driver.activeRules())
  for (const o of driver.history()) {
    if (o.type !== 'fault') continue
    const key = `${o.fault} of ${o.target}`
    if (o.phase === 'heal') open.delete(key)
    else open.set(key, { fault: o.fault, target: o.target, text: faultText(o.fault, o.target, 'inject'), atFault: thingOf(o.fault, o.target) })
  }
  // a fault of requests may have been given its end beforehand
  return [...open].filter(([key, { fault }]) => !ofRequests.has(fault) || !rules || rules.has(key)).map(([, o]) => o)
}

/** What stands in the way of a component (of a kubelet: on this node) or of its pulling an image. */
export function obstacleOf(component: string, node: string | undefined, pulls: boolean, driver: Driver): Obstacle | undefined {
  return holding(driver).find(({ fault, target }) => {
    switch (fault) {
      case 'api-delay': case 'api-fail': return true
      case 'watch-delay': case 'watch-drop': return target.endsWith(` ${component}`)
      case 'partition': return node !== undefined && target.includes(`between ${node} `)
      case 'registry-unreachable': return pulls
      default: return false
    }
  })
}
