import { expandManagedFields } from '../../../runtime-model/api/managed-fields.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { isOk } from '../../../runtime-model/api/request.ts'
import type { Session } from '../session.ts'
import { toCompactJson } from '../printers/json.ts'
import { LAST_APPLIED } from './last-applied.ts'

/** Whose name stands on the annotation once server-side apply has taken over. Source: apply.go (fieldManagerLastAppliedAnnotation) */
const ANNOTATION_MANAGER = 'kubectl-last-applied'
export const SERVER_SIDE = 'kubectl'
/** How often a conflict is tried again. Source: apply.go (maxPatchRetry) */
const TRIES = 5

interface Applied { readonly kind: KindDefinition; readonly namespace: string | undefined; readonly name: string; readonly manifest: any }

/**
 * What `kubectl apply` owned becomes what `kubectl apply --server-side` owns, so that a field which the manifest no longer says goes with it. Answers whether
 * the manifest must be applied once more. Source: kubectl pkg/cmd/apply/apply.go (saveLastApplyAnnotationIfNecessary, migrateToSSAIfNecessary), client-go
 * util/csaupgrade/upgrade.go.
 */
export async function migrate(session: Session, { kind, namespace, name, manifest }: Applied, applied: any, manager: string): Promise<boolean> {
  const owners = ownersOfAnnotation(applied)
  if (owners.length === 0) return false
  const at = { ...session.of(kind, namespace), name }
  let object = isKept(applied, manager) ? await session.send({ ...annotation(session, { kind, namespace, name, manifest }), force: true }) : applied
  for (let tries = 1; ; tries++) {
    const answer = await session.ask({
      verb: 'patch', ...at, patchType: 'application/json-patch+json', fieldManager: 'kubectl',
      body: [
        { op: 'replace', path: '/metadata/managedFields', value: upgraded(expandManagedFields(object), owners, manager) },
        { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
      ],
    })
    if (isOk(answer)) return true
    // somebody else has written in between, a controller for instance
    if (answer.code !== 409 || tries === TRIES) {
      session.complain(`Warning: server rejected managed fields migration to Server-Side Apply. `
        + `This is non-fatal and will be retried next time you apply. Error: ${answer.body?.message ?? 'no answer'}`)
      return false
    }
    object = await session.send({ verb: 'get', ...at })
  }
}

/** In a trial nothing has been handed over yet, so that the annotation cannot be. Source: apply.go (warningMigrationLastAppliedFailed) */
export async function triedToMigrate(session: Session, of: Applied, applied: any, manager: string): Promise<void> {
  if (ownersOfAnnotation(applied).length === 0 || !isKept(applied, manager)) return
  const answer = await session.ask({ ...annotation(session, of), dryRun: true })
  if (isOk(answer)) return
  session.complain(`Warning: failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply. `
    + `This is non-fatal and will be retried next time you apply. Error: ${answer.body?.message ?? 'no answer'}`)
}
/** It is kept for who goes back, but not under another name than kubectl's own. */
const isKept = (applied: any, manager: string): boolean => manager === SERVER_SIDE && applied.metadata.annotations?.[LAST_APPLIED] !== undefined
const annotation = (session: Session, { kind, namespace, name, manifest }: Applied) => ({
  verb: 'patch', ...session.of(kind, namespace), name, patchType: 'application/apply-patch+yaml', fieldManager: ANNOTATION_MANAGER,
  body: {
    apiVersion: manifest.apiVersion, kind: manifest.kind,
    metadata: { name, ...namespace ? { namespace } : {}, annotations: { [LAST_APPLIED]: `${toCompactJson(manifest)}\n` } },
  },
}) as const

function ownersOfAnnotation(object: any): readonly string[] {
  if (!(object.metadata?.managedFields ?? []).some((e: any) => e.operation === 'Update')) return []
  return expandManagedFields(object).filter((e: any) => isOwner(e)).map((e: any) => e.manager)
}
const isOwner = ({ operation, subresource, fieldsV1 }: any): boolean =>
  operation === 'Update' && !subresource && fieldsV1?.['f:metadata']?.['f:annotations']?.[`f:${LAST_APPLIED}`] !== undefined

/** The entries of those managers are united with that of server-side apply, or become it. */
function upgraded(entries: readonly any[], owners: readonly string[], manager: string): readonly any[] {
  const theirs = entries.filter(e => e.operation === 'Update' && !e.subresource && owners.includes(e.manager))
  const own = entries.find(e => e.operation === 'Apply' && !e.subresource && e.manager === manager)
  const target = own ?? { ...theirs[0], manager, operation: 'Apply' }
  const united = { ...target, fieldsV1: withoutHolders([...own ? [own] : [], ...theirs].map(e => e.fieldsV1).reduce(union)) }
  return [united, ...entries.filter(e => e !== own && !theirs.includes(e))]
}
const union = (a: any, b: any): any => Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map(key =>
  [key, a[key] === undefined ? b[key] : b[key] === undefined ? a[key] : union(a[key], b[key])]))
/** Who applies owns what is in a map or struct, not the holder itself. Source: structured-merge-diff merge/update.go (EnsureNamedFieldsAreMembers) */
const withoutHolders = (set: any, inList = false): any => Object.fromEntries(Object.entries<any>(set).filter(([key]) =>
  key !== '.' || inList || Object.keys(set).length === 1).map(([key, inner]) => [key, withoutHolders(inner, key.startsWith('k:'))]))
