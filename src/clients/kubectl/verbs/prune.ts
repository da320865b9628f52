import { failure, isNotFound } from '../errors.ts'
import type { Flags } from '../flags.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { logLine } from '../discovery.ts'
import { nameOf } from '../kinds.ts'
import type { DryRun } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { LAST_APPLIED } from './last-applied.ts'

/** group/version/kind of what is pruned when no list is given. Source: kubectl pkg/util/prune/prune.go. */
const usual = [
  'core/v1/ConfigMap', 'core/v1/Endpoints', 'core/v1/Namespace', 'core/v1/PersistentVolumeClaim', 'core/v1/PersistentVolume', 'core/v1/Pod',
  'core/v1/ReplicationController', 'core/v1/Secret', 'core/v1/Service',
  'batch/v1/Job', 'batch/v1/CronJob', 'networking.k8s.io/v1/Ingress', 'apps/v1/DaemonSet', 'apps/v1/Deployment', 'apps/v1/ReplicaSet', 'apps/v1/StatefulSet',
]
const notice =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.'

/** What of the flags cannot stand together. Source: kubectl pkg/cmd/apply/apply.go (Validate). */
export function checkPrune(flags: Flags): void {
  if (flags.on('all') && flags.text('selector') !== '') throw failure('cannot set --all and --selector at the same time')
  if (flags.on('prune') && !flags.on('all') && flags.text('selector') === '') {
    throw failure(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector'
    )
  }
}

/** The kinds of which something may be pruned. */
export function prunable(session: Session, flags: Flags): readonly KindDefinition[] {
  const listed = flags.list('prune-allowlist')
  return (listed.length > 0 ? listed : usual).map(entry => kindOfEntry(session, entry))
}
/** Deletes what an earlier apply made and this one does not name. Source: kubectl pkg/cmd/apply/prune.go. */
export async function prune(
  session: Session, flags: Flags, kinds: readonly KindDefinition[], applied: ReadonlySet<string>, namespaces: ReadonlySet<string>, mode: DryRun
): Promise<void> {
  if (flags.list('prune-allowlist').length === 0 && namespaces.size > 0) session.complain(logLine(session, 'W', 'prune.go:71', notice))
  for (const namespace of namespaces) for (const kind of kinds.filter(k => k.namespaced)) await pruneKind(session, flags, kind, namespace, applied, mode)
  for (const kind of kinds.filter(k => !k.namespaced)) await pruneKind(session, flags, kind, undefined, applied, mode)
}
function kindOfEntry(session: Session, entry: string): KindDefinition {
  const parts = entry.split('/'), [group, version, name] = parts
  const kind = session.kinds.all.find(k => k.group === (group === 'core' ? '' : group) && k.version === version && k.kind === name)
  if (parts.length !== 3) throw failure(`invalid GroupVersionKind format: ${entry}, please follow <group/version/kind>`)
  if (!kind) throw failure(`no matches for kind ${JSON.stringify(name)} in version ${JSON.stringify(group === 'core' ? version : `${group}/${version}`)}`)
  return kind
}
async function pruneKind(
  session: Session, flags: Flags, kind: KindDefinition, namespace: string | undefined, applied: ReadonlySet<string>, mode: DryRun
): Promise<void> {
  const selector = flags.text('selector'), at = session.of(kind, namespace ?? '')
  for (const { metadata } of await session.list(kind, { namespace: namespace ?? '', ...selector ? { labelSelector: selector } : {} })) {
    if (metadata.annotations?.[LAST_APPLIED] === undefined || applied.has(metadata.uid)) continue
    if (mode !== 'client') {
      try {
        await session.send({
          verb: 'delete', ...at, name: metadata.name, body: { propagationPolicy: 'Background' }, ...mode === 'server' ? { dryRun: true } : {},
        })
      } catch (error) { if (!isNotFound(error)) throw error }
    }
    session.print(`${nameOf(kind, metadata.name)} pruned${mode === 'client' ? ' (dry run)' : mode === 'server' ? ' (server dry run)' : ''}`)
  }
}
