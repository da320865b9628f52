import type { KubeObject } from '../../api/request.ts'
import { create, get, patch, remove, update } from '../../network/client.ts'
import type { View } from '../controller.ts'
import { templateHash } from '../deployment/new-replica-set.ts'
import { podRevisionLabel, renumber, revisions, sameData, templateData } from '../revisions.ts'
import type { Revision } from '../revisions.ts'
import { controllerReference } from '../pods.ts'
import { errorText, isOk } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf, updateStatus } from '../status-update.ts'

/** The revisions of a DaemonSet: the one of its template and those before. Source: pkg/controller/daemon/update.go (constructHistory) */
export interface History { readonly hash: string; readonly old: readonly Revision[] }
export const hashOf = (revision: Revision): string => revision.metadata.labels?.[podRevisionLabel] ?? ''

export function findHistory(io: Script, view: View, set: KubeObject, known: readonly Revision[], pods: readonly KubeObject[]): History {
  const data = templateData(set), all = known.map(r => hashOf(r) ? r : label(io, view, r)), current = all.filter(r => sameData(r, { data }))
  const old = all.filter(r => !sameData(r, { data }))
  const number = Math.max(0, ...old.map(r => r.revision)) + 1
  if (current.length === 0) return { hash: hashOf(snapshot(io, view, set, data, number)), old }
  const kept = onlyOne(io, view, current, pods)
  if (kept.revision < number) renumber(io, view, kept, number)
  return { hash: hashOf(kept), old }
}
/** Revisions of old have no hash: their name does. */
const label = (io: Script, view: View, r: Revision): Revision =>
  io.ask(() => update(view.identity, targetOf(revisions, r), {
    ...r, metadata: { ...r.metadata, labels: { ...r.metadata.labels, [podRevisionLabel]: r.metadata.name } },
  })).body

/** Source: snapshot. A name that is taken by another template raises `collisionCount`, and the next pass has another hash. */
function snapshot(io: Script, view: View, set: KubeObject, data: any, revision: number): Revision {
  const hash = templateHash(set.spec.template, set.status?.collisionCount), name = `${set.metadata.name}-${hash}`, { namespace, annotations } = set.metadata
  const metadata = {
    name, namespace, labels: { ...set.spec.template.metadata?.labels, [podRevisionLabel]: hash }, ...annotations ? { annotations } : undefined,
    ownerReferences: [controllerReference(set)],
  }
  const answer = io.ask(
    () => create(view.identity, { resource: revisions, namespace }, { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision }), 'any'
  )
  if (isOk(answer)) return answer.body
  if (answer.body?.reason !== 'AlreadyExists') return io.fail(errorText(answer))
  const there = io.ask(() => get(view.identity, { resource: revisions, namespace, name })).body
  if (sameData(there, { data })) return there
  const fresh = io.ask(() => get(view.identity, targetOf('daemonsets.apps', set))).body, count = fresh.status?.collisionCount
  if (count !== set.status?.collisionCount) {
    io.fail(`found a stale collision count of DaemonSet ${JSON.stringify(set.metadata.name)} while processing; will retry until it is updated`)
  }
  updateStatus(io, view.identity, 'daemonsets.apps', fresh, { ...fresh.status, collisionCount: (count ?? 0) + 1 })
  return io.fail(errorText(answer))
}

/** Of several revisions with the same template the newest stays, and all pods count as its. Source: dedupCurHistories */
function onlyOne(io: Script, view: View, current: readonly Revision[], pods: readonly KubeObject[]): Revision {
  const kept = current.reduce((a, b) => b.revision >= a.revision ? b : a)
  if (current.length === 1) return kept
  for (const pod of pods) {
    if (pod.metadata.labels?.[podRevisionLabel] !== hashOf(kept)) {
      io.ask(() => patch(view.identity, targetOf('pods', pod), 'application/merge-patch+json', { metadata: { labels: { [podRevisionLabel]: hashOf(kept) } } }))
    }
  }
  for (const r of current) if (r !== kept) io.ask(() => remove(view.identity, targetOf(revisions, r)))
  return kept
}
