import { actions, ofCommands, ofContexts } from './actions.ts'
import { ofWorlds, others, turned } from './cluster.ts'
import { courses } from './courses.ts'
import { faults } from './faults.ts'
import { ofDeeds, ofFields } from './fields.ts'
import { ofContainers, ofPods, pods } from './pods.ts'
import { sets } from './sets.ts'
import { ofObjects, workloads } from './workloads.ts'
import type { Rewriting } from './rewriting.ts'

/**
 * Sentences of everyday speech that are not read, because they say less or something other than they seem to, and how what they mostly mean is said
 * here. A suggestion is shown only if it is understood, so that none can grow stale. Each with its sentences, first the pattern of what is said.
 */
export const rewritings: readonly Rewriting[] = [
  ...sets, ...workloads, ...pods, ...others, ...faults, ...actions, ...turned, ...ofPods, ...ofCommands, ...ofWorlds,
  ...ofContexts, ...ofContainers, ...ofObjects, ...ofFields, ...ofDeeds, ...courses,
]

/** Of one there is no plural; messages of Events begin with a capital. */
const tidied = (sentence: string): string =>
  sentence.replace(/\b(there )are ((?:at least |at most |exactly )?1 )/, '$1is $2').replace(/\b1 ((?:ready |succeeded |failed )?(?:pod|node|job|replicaset|pvc|endpointslice|persistentvolumeclaim))s\b/, '1 $1')
    .replace(/condition (memory|disk)Pressure/, (_, first: string) => `condition ${first[0].toUpperCase()}${first.slice(1)}Pressure`)
    .replace(/condition (approved|denied)=/, (_, first: string) => `condition ${first[0].toUpperCase()}${first.slice(1)}=`)
    .replace(/rejected with ([a-z])/, (_, first: string) => `rejected with ${first.toUpperCase()}`).replace(/saying "([a-z])/, (_, first: string) => `saying "${first.toUpperCase()}`).replace(/ {2,}/g, ' ').trim()

/** Other sentences that may be what is meant, nearest first; of `the deployment web …` those of `deployment web …`, where there is nothing else. */
export function inOtherWords(text: string): string[] {
  const of = (said: string): string[] =>
    [...new Set(rewritings.flatMap(([pattern, ...instead]) => pattern.test(said) ? instead.map(i => tidied(said.replace(pattern, i))) : []))]
  const known = of(text)
  return known.length > 0 ? known : of(text.replace(/^(?:the|an?) /i, ''))
}
