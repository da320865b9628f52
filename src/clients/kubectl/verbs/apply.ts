import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { isOk } from '../../../runtime-model/api/request.ts'
import { ApiError, asOneBeside, Exit, failure, SERVER, throwAll, usage } from '../errors.ts'
import { array, bool, duration, int, optional, situational, text, type Flags } from '../flags.ts'
import { readManifests, type Manifest } from '../manifests.ts'
import { patchTypeFor, threeWay } from '../patch/strategic.ts'
import { toCompactJson } from '../printers/json.ts'
import { dryRunOf, printDone, printerOf, printTogether, type DryRun, type Printable } from '../printers/index.ts'
import { recorded } from '../change-cause.ts'
import type { Session } from '../session.ts'
import { dryRun, files, output, record, selectors, validate, validation, type Verb } from '../verb.ts'
import { LAST_APPLIED, withLastApplied } from './last-applied.ts'
import { migrate, SERVER_SIDE, triedToMigrate } from './migrate.ts'
import { FOREVER_MS, untilGone } from '../waiting.ts'
import { changesKind, overwriting } from './apply-conflict.ts'
import { checkPrune, prunable, prune } from './prune.ts'
import { editLastApplied, setLastApplied, viewLastApplied } from './apply-last-applied.ts'

export const CLIENT_SIDE = 'kubectl-client-side-apply'

/** Makes the cluster as manifests say. Sources: kubectl pkg/cmd/apply/{apply,patcher}.go, pkg/util/apply.go. */
export const apply: Verb = {
  flags: {
    ...files, ...selectors, ...output, ...dryRun, ...validate, 'server-side': bool(), 'force-conflicts': bool(), 'field-manager': text(undefined, CLIENT_SIDE),
    force: bool(), overwrite: bool(undefined, 'true'), wait: situational(bool()), timeout: situational(duration('0s')),
    'grace-period': situational(int('-1')), cascade: situational(optional('background', 'background')), 'openapi-patch': bool(undefined, 'true'), all: bool(),
    prune: bool(),
    'prune-allowlist': array(), subresource: text(), ...record,
  },
  under: { 'edit-last-applied': editLastApplied, 'view-last-applied': viewLastApplied, 'set-last-applied': setLastApplied },
  async run(session, flags, command) {
    if (flags.args.length > 0) throw usage(command, `Unexpected args: [${flags.args.join(' ')}]`)
    if (!flags.given('filename') && !flags.given('kustomize')) throw failure('must specify one of -f and -k')
    const kinds = flags.on('prune') ? prunable(session, flags) : []
    if (flags.on('force') && flags.on('server-side')) throw failure('--force cannot be used with --server-side')
    flags.passOver('overwrite')
    if (flags.on('force-conflicts') && !flags.on('server-side')) throw failure('--force-conflicts only works with --server-side')
    if (flags.given('subresource') && !flags.on('server-side')) throw failure('--subresource can only be specified for --server-side')
    checkPrune(flags)
    const mode = dryRunOf(flags)
    if (mode === 'client' && flags.on('server-side')) throw failure("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if (mode === 'server' && flags.on('force')) throw failure('--dry-run=server cannot be used with --force')
    checkChoices(flags)
    const { manifests, errors } = readManifests(session, flags), failed: unknown[] = []
    if (manifests.length === 0 && errors.length === 0) throw failure('no objects passed to apply')
    const applied: Printable[] = []
    for (const read of manifests) {
      const manifest = { ...read, object: recorded(read.object, command, flags) }
      try {
        applied.push(await (flags.on('server-side') ? serverSide(session, flags, manifest, mode) : clientSide(session, flags, manifest, mode)))
      } catch (error) { failed.push(error) }
    }
    throwAll([...asOneBeside(failed, errors), ...failed])
    if (asksForObjects(flags)) printTogether(session, flags, applied)
    if (flags.on('prune')) await prune(session, flags, kinds, await uidsOf(session, manifests), new Set(manifests.flatMap(m => m.namespace ?? [])), mode)
  },
}
/** What is one of a few words, looked at whether or not anything asks for it. Source: pkg/cmd/apply/apply.go (ToOptions), pkg/cmd/delete/delete_flags.go */
function checkChoices(flags: Flags): void {
  const cascade = flags.text('cascade')
  validation(flags)
  if (!['background', 'foreground', 'orphan', 'true', 'false'].includes(cascade)) {
    throw failure(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
  }
}
/** `-o yaml` and the like: all objects are printed once each has been applied. Source: kubectl pkg/cmd/apply/apply.go (shouldPrintObject) */
const asksForObjects = (flags: Flags): boolean => printerOf(flags) !== undefined && flags.text('output') !== 'name'
function told(session: Session, flags: Flags, printable: Printable, operation: string, mode: DryRun): Printable {
  if (!asksForObjects(flags)) printDone(session, flags, printable, operation, mode)
  return printable
}
/** what was applied, as it is now */
async function uidsOf(session: Session, manifests: readonly Manifest[]): Promise<ReadonlySet<string>> {
  const uids = new Set<string>()
  for (const { kind, namespace, name } of manifests) {
    const { body } = await session.quietly({ verb: 'get', ...session.of(kind, namespace), name })
    if (body?.metadata?.uid) uids.add(body.metadata.uid)
  }
  return uids
}

async function clientSide(session: Session, flags: Flags, { object, kind, source, namespace }: Manifest, mode: DryRun): Promise<Printable> {
  const name: string | undefined = object.metadata?.name
  if (!name) {
    if (object.metadata?.generateName) throw failure(`from ${object.metadata.generateName}: cannot use generate name with apply`)
    throw failure(
      `error when retrieving current configuration of:\nResource: "${resourceText(kind)}", GroupVersionKind: "${kindText(kind)}"\nName: "", Namespace: ${JSON.stringify(namespace ?? '')}\nfrom server for: ${JSON.stringify(source)}: resource name may not be empty`
    )
  }
  const modified = withLastApplied(object), at = session.of(kind, namespace), fieldManager = flags.text('field-manager')
  const answer = await session.ask({ verb: 'get', ...at, name })
  if (answer.code === 0 && answer.failure === 'refused') throw noOpenApi(source)
  if (answer.code === 404) {
    if (mode === 'client') return told(session, flags, { kind, object: modified }, 'created', mode)
    const created = await attempt(
      session, { verb: 'create', ...at, body: modified, fieldManager, fieldValidation: validation(flags), ...mode === 'server' ? { dryRun: true } : {} },
      `creating ${JSON.stringify(source)}`
    )
    return told(session, flags, { kind, object: created }, 'created', mode)
  }
  if (!isOk(answer)) {
    throw retrieval(
      new ApiError({ verb: 'get', ...at, name, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer), kind, name, namespace, source
    )
  }
  const current = answer.body, last = current.metadata.annotations?.[LAST_APPLIED]
  if (mode === 'client') return told(session, flags, { kind, object: current }, 'configured', mode)
  if (last === undefined) {
    session.complain(
      `Warning: resource ${kind.resource}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`
    )
  }
  const original = last === undefined ? {} : JSON.parse(last), patch = threeWay(kind, original, modified, current)
  const unmade = (named: KindDefinition, why: Exit): Exit =>
    failure(`error when applying patch:\n\n${patchedWhat(named, name, namespace, source)}: ${why.stderr.replace('error: ', '')}`)
  if (modified.kind !== kind.kind) throw unmade({ ...kind, kind: modified.kind }, changesKind(kind, { original, modified, current }))
  if (Object.keys(patch).length === 0 && !printerOf(flags)) return told(session, flags, { kind, object: current }, 'unchanged', mode)
  const conflict = flags.on('overwrite') ? undefined : overwriting(session, kind, { original, modified, current, patch })
  if (conflict) throw unmade(kind, conflict)
  const anew = flags.on('force') && mode === 'none'
    ? (error: unknown): Promise<any> => replaceWhole(session, flags, { kind, namespace, name, modified, current }, error)
    : undefined
  const patched = await attempt(
    session,
    {
      verb: 'patch', ...at, name, body: patch, patchType: patchTypeFor(kind), fieldManager, fieldValidation: validation(flags),
      ...mode === 'server' ? { dryRun: true } : {},
    },
    `applying patch:\n${toCompactJson(patch)}\n${patchedWhat(kind, name, namespace, source)}`
  ).catch(error => { if (anew) return anew(error); throw error })
  return told(session, flags, { kind, object: patched }, Object.keys(patch).length === 0 ? 'unchanged' : 'configured', mode)
}

/** `--force`: what cannot be changed is deleted and made anew; if that fails, what was there comes back. Source: patcher.go (deleteAndCreate). */
async function replaceWhole(
  session: Session, flags: Flags,
  { kind, namespace, name, modified, current }: {
    readonly kind: KindDefinition; readonly namespace: string | undefined; readonly name: string; readonly modified: any; readonly current: any
  },
  error: unknown
): Promise<any> {
  if (!(error instanceof ApiError) || ![409, 422].includes(error.response.code)) throw error
  const at = session.of(kind, namespace)
  const policy = flags.text('cascade') === 'orphan' ? 'Orphan' : flags.text('cascade') === 'foreground' ? 'Foreground' : 'Background'
  const grace = flags.int('grace-period')
  const gone = await session.send({ verb: 'delete', ...at, name, body: { propagationPolicy: policy, ...grace >= 0 ? { gracePeriodSeconds: grace } : {} } })
  await untilGone(session, kind, namespace, name, gone?.details?.uid ?? gone?.metadata?.uid, flags.duration('timeout') || FOREVER_MS)
  const { resourceVersion: _, uid: _u, ...metadata } = current.metadata
  try { return await session.send({ verb: 'create', ...at, body: modified, fieldManager: CLIENT_SIDE, fieldValidation: validation(flags) }) } catch (failed) {
    await session.ask({ verb: 'create', ...at, body: { ...current, metadata }, fieldManager: CLIENT_SIDE })
    throw failed
  }
}

async function serverSide(session: Session, flags: Flags, { object, kind, source, namespace }: Manifest, mode: DryRun): Promise<Printable> {
  const name: string = object.metadata?.name ?? ''
  const subresource = flags.text('subresource'), manager = flags.given('field-manager') ? flags.text('field-manager') : SERVER_SIDE, request = {
    verb: 'patch', ...session.of(kind, namespace), name, body: object, patchType: 'application/apply-patch+yaml', fieldManager: manager,
    force: flags.on('force-conflicts'), fieldValidation: validation(flags), ...subresource ? { subresource } : {}, ...mode === 'server' ? { dryRun: true } : {},
  } as const
  let answer = await session.ask(request)
  if (answer.code === 0 && answer.failure === 'refused') throw noOpenApi(source)
  if (answer.code === 409 && answer.body?.details?.causes?.some((c: any) => c.reason === 'FieldManagerConflict')) {
    throw failure(`${answer.body.message}\n${advice}`)
  }
  if (!isOk(answer)) {
    throw new ApiError({ verb: 'patch', ...session.of(kind, namespace), name, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  }
  if (mode === 'server') await triedToMigrate(session, { kind, namespace, name, manifest: object }, answer.body, manager)
  if (mode === 'none' && await migrate(session, { kind, namespace, name, manifest: object }, answer.body, manager)) {
    answer = { ...answer, body: await session.send(request) }
  }
  return told(session, flags, { kind, object: answer.body }, 'serverside-applied', mode)
}
const advice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

/** Sends a write; a refusal says what was being done (`error when creating "f.yaml": …`). */
export async function attempt(session: Session, request: Parameters<Session['send']>[0], doing: string): Promise<any> {
  try { return await session.send(request) } catch (error) {
    if (error instanceof ApiError && error.response.code !== 0) throw new ApiError(error.request, error.response, doing)
    throw error
  }
}
const retrieval = (error: ApiError, kind: KindDefinition, name: string, namespace: string | undefined, source: string): ApiError =>
  new ApiError(
    error.request, error.response,
    `retrieving current configuration of:\nResource: "${resourceText(kind)}", GroupVersionKind: "${kindText(kind)}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}\nfrom server for: ${JSON.stringify(source)}`
  )
const patchedWhat = (kind: KindDefinition, name: string, namespace: string | undefined, source: string): string =>
  `to:\nResource: "${resourceText(kind)}", GroupVersionKind: "${kindText(kind)}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}\nfor: ${JSON.stringify(source)}: error when patching ${JSON.stringify(source)}`
const resourceText = (kind: KindDefinition): string => `${kind.group}/${kind.version}, Resource=${kind.resource}`
const kindText = (kind: KindDefinition): string => `${kind.group}/${kind.version}, Kind=${kind.kind}`

export const noOpenApi = (source: string): Exit => failure(
  `error validating ${JSON.stringify(source)}: error validating data: failed to download openapi: Get "https://${SERVER}/openapi/v2?timeout=32s": dial tcp ${SERVER}: connect: connection refused; if you choose to ignore these errors, turn validation off with --validate=false`
)
