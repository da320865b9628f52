import { arrowsOf } from '../../assertions/journey.ts'
import type { Arrow } from '../../assertions/journey.ts'
import { actorName } from '../../assertions/narrate.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { Journey, JourneyArrow } from '../events.ts'
import type { Boundary } from './recorder.ts'

const mostJourneys = 3, mostArrows = 60
const travellers = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'])
const reads = new Set(['get', 'list', 'watch'])
type Born = Extract<Observation, { readonly type: 'object' }>

/** What a journey is about: an object and the first of each kind that it brought about, or a request that was turned down. */
interface Family { readonly about: string; readonly members: ReadonlySet<string>; readonly requests: Set<number>; readonly rank: number }

/** The ways of the objects that the scenario makes, and of what it was refused, the longest first. */
export function journeysOf(observations: readonly Observation[], boundaries: readonly Boundary[], epochMs: number): readonly Journey[] {
  const spoken = boundaries.map(b => b.text).join('\n')
  const families = [...familiesOf(observations, spoken), ...refusals(observations)].sort((a, b) => a.rank - b.rank).slice(0, mostJourneys)
  const stories = families.map(family => storyOf(family, observations))
  const arrows = stories.length ? arrowsOf({ history: () => observations, epochMs }, new Set(stories.flatMap(ids => [...ids]))) : []
  return families.map((family, i) => journeyOf(family, arrows.filter(a => stories[i].has(a.id)))).filter(j => j.arrows.length > 1)
}

const nameOf = (kind: string, name: string): string => `${kind.toLowerCase()} ${name}`

function familiesOf(observations: readonly Observation[], spoken: string): Family[] {
  const born = observations.filter((o): o is Born => o.type === 'object' && o.change === 'ADDED' && o.namespace !== 'kube-system' && o.resource !== 'events')
  const firstChild = (parent: Born): Born | undefined =>
    born.find(o => o.new?.metadata?.ownerReferences?.some((r: any) => r.controller && r.uid === parent.new?.metadata?.uid))
  return born.filter(o => travellers.has(o.kind) && !o.new?.metadata?.ownerReferences?.length && !/^kube-root-ca/.test(o.name)).map(root => {
    const line: Born[] = [root]
    for (let next = firstChild(root); next && line.length < 5; next = firstChild(next)) line.push(next)
    const last = line.at(-1)!, about = nameOf(root.kind, root.name)
    const rank = spoken.includes(`journey of ${about}`) || line.some(o => spoken.includes(`journey of ${nameOf(o.kind, o.name)}`)) ? 0
      : last.kind === 'Pod' ? 1
      : root.kind === 'Service' ? 2
      : 3
    return {
      about: line.length > 1 ? `${about} and ${nameOf(last.kind, last.name)}` : about, members: new Set(line.map(o => nameOf(o.kind, o.name))),
      requests: new Set(line.flatMap(o => requestOf(o, observations) ?? [])), rank,
    }
  })
}

/** The request that a change was committed for. */
function requestOf(o: Observation, observations: readonly Observation[]): number | undefined {
  const first = observations[0].id
  let up: Observation | undefined = o
  for (let n = 0; up && n < 30; n++, up = observations[up.cause - first]) if (up.type === 'request') return up.request
  return undefined
}

/** Writes of the user that were turned down: their way ends early. */
const refusals = (observations: readonly Observation[]): Family[] => observations.flatMap(o =>
  o.type === 'answer' && o.code >= 400 && o.to.startsWith('kubectl') && !/^(get|list|watch) /.test(o.what)
    ? [{ about: o.what, members: new Set<string>(), requests: new Set([o.request]), rank: 2 }]
    : [])

/** kubectl's reads count, those of controllers are no part of the story; nor are the statuses that controllers keep. */
function belongs(o: Observation, { members, requests }: Family): boolean {
  switch (o.type) {
    case 'request': {
      if (requests.has(o.request)) return true
      const [, kind, name] = o.what.split(' ')
      if (!members.has(`${kind?.split('/')[0]} ${name}`) || (reads.has(o.verb) && !o.actor.startsWith('kubectl'))
        || (kind?.endsWith('/status') && kind !== 'pod/status')) {
        return false
      }
      requests.add(o.request)
      return true
    }
    case 'answer': case 'stage': case 'etcd': return requests.has(o.request) && !(o.type === 'stage' && o.stage === 'storage')
    case 'notify': return members.has(o.what.replace(/^notifies of /, ''))
    case 'schedule': case 'cri': return members.has(`pod ${o.pod.split('/').at(-1)}`)
    case 'proxy': return members.has(`service ${o.service}`)
    default: return false
  }
}

/** Everything that led to these: a notification that led to nothing is no part of the story. */
function causesOf(effects: readonly Observation[], observations: readonly Observation[]): ReadonlySet<number> {
  const first = observations[0].id, found = new Set<number>()
  for (const effect of effects) for (let at = effect.cause; at >= first && !found.has(at); at = observations[at - first].cause) found.add(at)
  return found
}

function storyOf(family: Family, observations: readonly Observation[]): ReadonlySet<number> {
  const members = observations.filter(o => belongs(o, family)), heeded = causesOf(members.filter(o => o.type !== 'notify'), observations)
  return new Set(members.filter(o => o.type !== 'notify' || heeded.has(o.id)).map(o => o.id))
}

function journeyOf(family: Family, own: readonly Arrow[]): Journey {
  const folded: ({ -readonly [K in keyof JourneyArrow]: JourneyArrow[K] } & { id: number })[] = []
  for (const arrow of own) {
    const from = actorName(arrow.from), to = actorName(arrow.to), last = folded.at(-1)
    if (last && last.id === arrow.id) last.what = `${last.what} (${arrow.what.replace(/^status of .*: /, '')})`
    else if (last && from === to && last.from === from && last.to === to && last.atMs === arrow.at) last.what = `${last.what}, ${arrow.what}`
    else folded.push({ id: arrow.id, atMs: arrow.at, from, to, what: arrow.what })
  }
  return { about: family.about, arrows: folded.slice(0, mostArrows).map(({ id: _, ...arrow }) => arrow), left: Math.max(0, folded.length - mostArrows) }
}
