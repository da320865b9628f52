import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { describePodTemplate } from '../describe/pod-template.ts'
import { Page } from '../describe/page.ts'
import { failure, orWorded } from '../errors.ts'
import { int, type Flags } from '../flags.ts'
import { kindOf, nameOf } from '../kinds.ts'
import { dryRunOf, printDone, printerOf, type Printable } from '../printers/index.ts'
import { selectorText } from '../selector.ts'
import type { Session } from '../session.ts'
import type { Item } from '../targets.ts'
import { alignTabs, DESCRIBE } from '../tab-writer.ts'
import { dryRun, output } from '../verb.ts'
import { eachRollout } from '../rollouts.ts'
import { same } from '../patch/strategic.ts'

/** One entry of a history: what ran then, by revision. */
interface Revision { readonly number: number; readonly cause: string; readonly template: any; readonly object: any }
const CAUSE = 'kubernetes.io/change-cause', REVISION = 'deployment.kubernetes.io/revision', HASH = 'pod-template-hash'

/** Oldest first. Sources: pkg/polymorphichelpers/history.go, pkg/util/deployment/deployment.go. */
async function revisionsOf(session: Session, { kind, object, namespace, name }: Item): Promise<Revision[]> {
  const owned = async (resource: string): Promise<any[]> =>
    (await session.list(kindOf(resource), { namespace, labelSelector: selectorText(object.spec.selector, '') })).filter(o =>
    o.metadata.ownerReferences?.some((r: any) => r.controller && r.uid === object.metadata.uid))
  const revisions = kind.kind === 'Deployment'
    // a set that was adopted has no revision: it is told as 0
    ? (await orWorded(e => `failed to retrieve replica sets from deployment ${name}: ${e.message}`, owned('replicasets'))).map(rs => ({
      number: Number(rs.metadata.annotations?.[REVISION] ?? 0), cause: rs.metadata.annotations?.[CAUSE] ?? '', template: rs.spec.template, object: rs,
    })).filter(r => Number.isInteger(r.number))
    : (await orWorded(e => `unable to find history controlled by ${kind.kind} ${name}: ${e.message}`, owned('controllerrevisions'))).map(r =>
      ({ number: r.revision as number, cause: r.metadata.annotations?.[CAUSE] ?? '', template: r.data?.spec?.template, object: r }))
  return revisions.sort((a, b) => a.number - b.number)
}

/** Source: kubectl pkg/apps/kind_visitor.go */
const visited = ['DaemonSet', 'Deployment', 'Job', 'Pod', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'CronJob']
function checkVisited({ group, kind }: KindDefinition, what: string, viewer: string): void {
  const shown = JSON.stringify(group ? `${kind}.${group}` : kind)
  if (!visited.includes(kind)) throw failure(`error retrieving ${what} for ${shown}, no visitor method exists for {${group} ${kind}}`)
  if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind)) throw failure(`no ${viewer} has been implemented for ${shown}`)
}
export const history = eachRollout(async (session, flags, item) => {
  const { kind, name } = item, asked = flags.int('revision')
  checkVisited(kind, 'history', 'history viewer')
  const revisions = await revisionsOf(session, item)
  if (asked > 0) {
    const found = revisions.find(r => r.number === asked)
    if (!found) throw failure(`unable to find the specified revision`)
    if (printerOf(flags)) return printDone(session, flags, printable(found), '')
    const page = new Page(session)
    describePodTemplate(page, withCause(found), 0)
    session.print(`${nameOf(kind, name)} with revision #${asked}\n${page.raw}`)
    return
  }
  if (printerOf(flags)) { for (const revision of revisions) printDone(session, flags, printable(revision), ''); return }
  const table = revisions.length === 0
    ? 'No rollout history found.'
    : alignTabs(['REVISION\tCHANGE-CAUSE', ...revisions.map(r => `${r.number}\t${r.cause || '<none>'}`)].map(l => `${l}\n`).join(''), DESCRIBE)
  session.print(`${nameOf(kind, name)} \n${table}`)
}, { ...output, revision: int('0') }, true)
/** A revision as an object: the set or the ControllerRevision that keeps it. */
const printable = ({ object, template }: Revision): Printable => object.data === undefined
  ? { kind: kindOf('replicasets'), object }
  : { kind: kindOf('controllerrevisions'), object: { ...object, data: { ...object.data, spec: { template } } } }
/** Only the template of a ReplicaSet is told with the cause of its revision. */
function withCause({ template, cause, object }: Revision): any {
  if (!cause || object.data !== undefined) return template
  return { ...template, metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [CAUSE]: cause } } }
}

/** What `--dry-run=client` tells of a rollback: the template, whose columns nobody sets. */
function wouldBe(session: Session, { kind, name }: Item, { template }: Revision): string {
  const page = new Page(session)
  describePodTemplate(page, template, 0)
  return `${nameOf(kind, name)} ${kind.kind === 'Deployment' ? '' : 'will roll back to '}${page.raw} (dry run)\n`
}

/** A form that `-o` names shows the object as it is. */
function printWouldBe(session: Session, flags: Flags, item: Item, revision: Parameters<typeof wouldBe>[2]): void {
  const printer = printerOf(flags)
  if (printer) return printer(session, [item], true)
  session.stdout += wouldBe(session, item, revision)
}

/** Annotations that belong to the Deployment and its rollouts, not to what is rolled back to. */
const keeps = [
  'kubectl.kubernetes.io/last-applied-configuration', REVISION, 'deployment.kubernetes.io/revision-history', 'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas', 'deprecated.deployment.rollback.to',
]

/** Back to an earlier template. Source: pkg/polymorphichelpers/rollback.go. */
export const undo = eachRollout(async (session, flags, item) => {
  const { kind, name, namespace, object } = item, mode = dryRunOf(flags), target = flags.int('to-revision')
  checkVisited(kind, 'rollbacker', 'rollbacker')
  const revisions = await revisionsOf(session, item)
  const found = target === 0 ? revisions.at(-2) : revisions.find(r => r.number === target)
  if (!found) {
    throw failure(target !== 0 ? `unable to find specified revision ${target} in history`
      : kind.kind === 'Deployment' ? `no rollout history found for deployment ${JSON.stringify(name)}`
      : 'no last revision to roll back to')
  }
  if (mode === 'client') return printWouldBe(session, flags, item, found)
  const at = { ...session.of(kind, namespace), name }, dry = mode === 'server' ? { dryRun: true } : {}
  const skipped = `skipped rollback (current template already matches revision ${target})`
  if (kind.kind !== 'Deployment') {
    if (found === revisions.at(-1)) return printDone(session, flags, { kind, object }, skipped, mode)
    await session.send({ verb: 'patch', ...at, body: found.object.data, patchType: 'application/strategic-merge-patch+json', ...dry })
    return printDone(session, flags, { kind, object }, 'rolled back', mode)
  }
  if (object.spec.paused) throw failure(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`)
  const { [HASH]: _, ...labels } = found.template.metadata?.labels ?? {}, template = { ...found.template, metadata: { ...found.template.metadata, labels } }
  if (same(template, object.spec.template)) return printDone(session, flags, { kind, object }, skipped, mode)
  const pick = (annotations: Readonly<Record<string, string>> = {}, kept: boolean): object =>
    Object.fromEntries(Object.entries(annotations).filter(([k]) => keeps.includes(k) === kept))
  const annotations = { ...pick(object.metadata.annotations, true), ...pick(found.object.metadata.annotations, false) }
  await session.send({
    verb: 'patch', ...at,
    body: [{ op: 'replace', path: '/spec/template', value: template }, { op: 'replace', path: '/metadata/annotations', value: annotations }],
    patchType: 'application/json-patch+json', ...dry,
  })
  printDone(session, flags, { kind, object }, 'rolled back', mode)
}, { ...output, 'to-revision': int('0'), ...dryRun })
