import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { asTyped } from '../create/typed.ts'
import { ApiError, Exit, failure, throwAll } from '../errors.ts'
import { bool, situational, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { readEach, type Manifest } from '../manifests.ts'
import { goList, uncovered, type PolicyRule } from '../policy-rules.ts'
import { same } from '../patch/strategic.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { dryRun, files, output, type Verb } from '../verb.ts'

/**
 * Makes roles and bindings as manifests say, rule by rule and subject by subject. Sources: kubectl pkg/cmd/auth/reconcile.go, component-helpers
 * auth/rbac/reconciliation (reconcile_role.go, reconcile_rolebindings.go, namespace.go).
 */
export const reconcile: Verb = {
  discovers: false,
  flags: { ...files, ...output, ...dryRun, 'remove-extra-permissions': situational(bool()), 'remove-extra-subjects': situational(bool()) },
  async run(session, flags) {
    if (!flags.given('filename') && !flags.given('kustomize')) throw failure('must specify one of -f and -k')
    if (flags.args.length > 0) throw failure('no arguments are allowed')
    const mode = dryRunOf(flags), read = readEach(session, flags, 'types'), failed: unknown[] = []
    if (mode === 'server') throw failure('--dry-run=server for command reconcile is not supported yet')
    for (const manifest of read) {
      if ('error' in manifest) { failed.push(manifest.error); continue }
      if (manifest.kind.group !== 'rbac.authorization.k8s.io') continue
      try { tell(session, flags, manifest.kind, await one(session, flags, manifest, mode === 'none')) } catch (error) {
        if (!isRole(manifest.kind) && (error === nameless || error instanceof ApiError)) throw broken
        if (error !== nameless && !(error instanceof ApiError && error.response.code !== 0)) throw error
        failed.push(error)
      }
    }
    throwAll(failed)
  },
}
/** a Role that is to be made, and in no namespace: its own is never that of the context */
const nameless = failure('resource name may not be empty')
/** kubectl 1.35.4 stumbles over whatever is refused of a binding. */
const broken = new Exit('panic: runtime error: invalid memory address or nil pointer dereference\n', 2)

interface Subject { readonly kind: string; readonly apiGroup?: string; readonly name: string; readonly namespace?: string }
interface Outcome {
  readonly object: any
  readonly operation: 'none' | 'create' | 'update' | 'recreate'
  readonly protected?: boolean
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}
const isRole = (kind: KindDefinition): boolean => kind.kind.endsWith('Role')

async function one(session: Session, flags: Flags, { kind, object, name = '', placed }: Manifest, confirm: boolean): Promise<Outcome> {
  const given = asTyped(kind, object), { namespace: own, ...metadata } = given.metadata, expected = placed ? { ...given, metadata } : given
  const namespace: string | undefined = kind.namespaced && !placed ? own : undefined, at = session.of(kind, namespace ?? '')
  if (kind.namespaced && namespace === undefined && confirm) throw nameless
  const answer = kind.namespaced && namespace === undefined ? { code: 404, body: undefined } : await session.ask({ verb: 'get', ...at, name })
  if (answer.code === 404) {
    const made: Outcome = { object: expected, operation: 'create', missing: isRole(kind) ? rules(expected.rules) : subjects(expected.subjects), extra: [] }
    if (!confirm) return made
    if (namespace !== undefined) await ensure(session, namespace)
    return { ...made, object: await session.send({ verb: 'create', ...at, body: expected }) }
  }
  if (answer.code !== 200) throw new ApiError({ verb: 'get', ...at, name, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  const outcome = isRole(kind) ? ofRole(flags, answer.body, expected) : ofBinding(flags, answer.body, expected)
  if (!confirm || outcome.protected || outcome.operation === 'none') return outcome
  if (outcome.operation === 'update') return { ...outcome, object: await session.send({ verb: 'update', ...at, name, body: outcome.object }) }
  await session.send({ verb: 'delete', ...at, name, body: { preconditions: { uid: answer.body.metadata.uid } } })
  return { ...outcome, object: await session.send({ verb: 'create', ...at, body: outcome.object }) }
}
async function ensure(session: Session, namespace: string): Promise<void> {
  const namespaces = session.of(kindOf('namespaces'))
  if ((await session.ask({ verb: 'get', ...namespaces, name: namespace })).code !== 404) return
  await session.send({ verb: 'create', ...namespaces, body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } })
}

/** What is there already has precedence; labels and annotations are only added. */
function withMetadata(existing: any, expected: any): { readonly object: any; readonly changed: boolean } {
  const added = (field: 'labels' | 'annotations'): object | undefined => {
    const missing = Object.keys(expected.metadata?.[field] ?? {}).some(key => existing.metadata[field]?.[key] === undefined)
    return missing ? { [field]: { ...expected.metadata[field], ...existing.metadata[field] } } : undefined
  }
  const metadata = { ...added('annotations'), ...added('labels') }
  return { object: { ...existing, metadata: { ...existing.metadata, ...metadata } }, changed: Object.keys(metadata).length > 0 }
}
const isProtected = (object: any): boolean => object.metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] === 'false'

function ofRole(flags: Flags, existing: any, expected: any): Outcome {
  const { object, changed } = withMetadata(existing, expected), remove = flags.on('remove-extra-permissions')
  const bothAggregated = Boolean(existing.aggregationRule && expected.aggregationRule), aggregation = aggregationOf(existing, expected, remove)
  const missing = uncovered(existing.rules ?? [], expected.rules ?? []), extra = bothAggregated ? [] : uncovered(expected.rules ?? [], existing.rules ?? [])
  const differs = missing.length > 0 || (remove && extra.length > 0)
  const wanted = remove ? expected.rules : [...existing.rules ?? [], ...missing]
  const { aggregationRule: _, ...plain } = object, aggregated = aggregation.rule ? { aggregationRule: aggregation.rule } : {}
  return {
    object: { ...plain, ...aggregated, ...differs ? { rules: wanted } : {} }, operation: differs || changed || aggregation.differs ? 'update' : 'none',
    protected: isProtected(existing), missing: rules(missing), extra: remove ? rules(extra) : [],
  }
}
/** Selectors are added as rules are; a role that is to gather none gathers none. Source: reconcile_role.go (computeReconciledRole, aggregationRuleCovers) */
function aggregationOf({ aggregationRule: before }: any, { aggregationRule: wanted }: any, remove: boolean): { readonly rule: any; readonly differs: boolean } {
  const lacking = (of: any, inside: any): readonly any[] =>
    (of?.clusterRoleSelectors ?? []).filter((s: any) => !(inside?.clusterRoleSelectors ?? []).some((t: any) => same(s, t)))
  const missing = lacking(wanted, before), extra = lacking(before, wanted)
  if (before && !wanted) return { rule: undefined, differs: true }
  if (remove ? missing.length + extra.length === 0 : missing.length === 0) return { rule: before, differs: false }
  return { rule: remove ? wanted : { ...before, clusterRoleSelectors: [...before?.clusterRoleSelectors ?? [], ...missing] }, differs: true }
}

function ofBinding(flags: Flags, existing: any, expected: any): Outcome {
  const { object, changed } = withMetadata(existing, expected), remove = flags.on('remove-extra-subjects'), guarded = isProtected(existing)
  const alike = (a: Subject, b: Subject): boolean =>
    a.kind === b.kind && (a.apiGroup ?? '') === (b.apiGroup ?? '') && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '')
  const ref = (o: any): string => `${o.roleRef?.apiGroup} ${o.roleRef?.kind} ${o.roleRef?.name}`
  // another role cannot be had by an update: the binding is deleted and made anew
  if (ref(existing) !== ref(expected)) return { object: expected, operation: 'recreate', protected: guarded, missing: [], extra: [] }
  const lacking = (of: readonly Subject[] = [], inside: readonly Subject[] = []): readonly Subject[] => of.filter(s => !inside.some(t => alike(s, t)))
  const missing = lacking(expected.subjects, existing.subjects), extra = lacking(existing.subjects, expected.subjects)
  const differs = missing.length > 0 || (remove && extra.length > 0)
  return {
    object: differs ? { ...object, subjects: remove ? expected.subjects : [...existing.subjects ?? [], ...missing] } : object,
    operation: differs || changed ? 'update' : 'none', protected: guarded, missing: subjects(missing), extra: remove ? subjects(extra) : [],
  }
}

/** as Go prints them */
const rules = (all: readonly PolicyRule[] = []): readonly string[] => all.map(r =>
  `{Verbs:${goList(r.verbs)} APIGroups:${goList(r.apiGroups)} Resources:${goList(r.resources)} ResourceNames:${goList(r.resourceNames)} NonResourceURLs:${goList(r.nonResourceURLs)}}`)
const subjects = (all: readonly Subject[] = []): readonly string[] =>
  all.map(s => `{Kind:${s.kind} APIGroup:${s.apiGroup ?? ''} Name:${s.name} Namespace:${s.namespace ?? ''}}`)

function tell(session: Session, flags: Flags, kind: KindDefinition, outcome: Outcome): void {
  printDone(session, flags, { kind, object: outcome.object }, 'reconciled', dryRunOf(flags))
  if (outcome.operation === 'none') return
  const caveat = outcome.protected ? ', but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)' : ''
  const what = isRole(kind) ? 'rules' : 'subjects'
  session.complain(`\treconciliation required ${outcome.operation}${caveat}`)
  for (const [head, lines] of [[`missing ${what} added`, outcome.missing], [`extra ${what} removed`, outcome.extra]] as const) {
    if (lines.length > 0) session.complain([`\t${head}:`, ...lines.map(l => `\t\t${l}`)].join('\n'))
  }
}
