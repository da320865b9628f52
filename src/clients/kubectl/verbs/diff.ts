import { isOk } from '../../../runtime-model/api/request.ts'
import { logLine } from '../discovery.ts'
import { ApiError, Exit, explain, failure, throwAll } from '../errors.ts'
import { absent, array, bool, inert, int, text, type Flags } from '../flags.ts'
import { readManifests, type Manifest } from '../manifests.ts'
import { patchTypeFor, threeWay } from '../patch/strategic.ts'
import { whole } from '../printers/index.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { files, selectors, type Verb } from '../verb.ts'
import { LAST_APPLIED } from './last-applied.ts'

/**
 * What an apply would change; exit 1 if anything, 2 if it could not be told. Source: kubectl pkg/cmd/diff/diff.go. The two folders stand for those that kubectl
 * makes.
 */
export const diff: Verb = {
  flags: {
    ...files, ...selectors, 'server-side': bool(), 'force-conflicts': bool(), 'field-manager': text(undefined, 'kubectl-client-side-apply'),
    'show-managed-fields': bool(),
    concurrency: inert(int('1')), prune: absent(bool()), 'prune-allowlist': absent(array()),
  },
  async run(session, flags) {
    try { await compare(session, flags) } catch (error) {
      const told = explain(error)
      throw told.stderr === '' ? told : new Exit(told.stderr, 2)
    }
  },
}
async function compare(session: Session, flags: Flags): Promise<void> {
  if (!flags.given('filename') && !flags.given('kustomize')) throw failure('must specify one of -f and -k')
  const { manifests, errors } = readManifests(session, flags)
  // the first ends it
  throwAll(errors.slice(0, 1))
  // the program that compares is started once all is known: one error, and nothing is shown
  const shown: { readonly file: string; readonly lines: string }[] = []
  for (const manifest of manifests) {
    const { kind, namespace, name } = manifest, { live, merged } = await both(session, flags, manifest)
    const changes = unifiedDiff(live, merged)
    if (changes === '') continue
    const file = [kind.group, kind.version, kind.kind, namespace, name].filter(Boolean).join('.'), paths = [`/tmp/LIVE-1/${file}`, `/tmp/MERGED-1/${file}`]
    shown.push({ file, lines: `diff -u -N ${paths.join(' ')}\n--- ${paths[0]}\t${stamp(session)}\n+++ ${paths[1]}\t${stamp(session)}\n${changes}` })
  }
  // it goes through the folders by the names of their files
  session.stdout += shown.sort((a, b) => a.file < b.file ? -1 : 1).map(s => s.lines).join('')
  if (shown.length > 0) throw new Exit('')
}
/** server-side, another name unless one was asked for. Source: apply.go (GetApplyFieldManagerFlag) */
const managerOf = (flags: Flags): string =>
  flags.on('server-side') && !flags.given('field-manager') ? 'kubectl' : flags.text('field-manager')
const stamp = (session: Session): string => `${new Date(session.calendarMs).toISOString().replace('T', ' ').slice(0, 23)}000000 +0000`

/** The object as it is (undefined: not yet) and as it would be. */
interface Versions { readonly live: any; readonly merged: any }
async function both(session: Session, flags: Flags, manifest: Manifest): Promise<{ readonly live: string; readonly merged: string }> {
  const { kind } = manifest, versions = await asked(session, flags, manifest)
  const yaml = (o: any): string => toYaml(whole({ kind, object: o }, flags.on('show-managed-fields')))
  if (kind.group !== '' || kind.kind !== 'Secret') return { live: versions.live ? yaml(versions.live) : '', merged: yaml(versions.merged) }
  const { live, merged } = masked(versions)
  return { live: live ? yaml(live) : 'null\n', merged: yaml(merged) }
}
/** A diff of Secrets tells which keys change, but no value. Source: diff.go (Masker), which leaves a Secret that is not there as `null` */
function masked({ live, merged }: Versions): Versions {
  const before = live?.data ?? {}, after = merged.data ?? {}
  const hide = (object: any, other: any, changed: string): any => object?.data
    ? { ...object, data: Object.fromEntries(Object.entries(object.data).map(([k, v]) => [k, k in other && other[k] !== v ? changed : '***'])) }
    : object
  return { live: hide(live, after, '*** (before)'), merged: hide(merged, before, '*** (after)') }
}

/** The server is asked with a dry run. */
async function asked(session: Session, flags: Flags, { kind, namespace, name = '', object }: Manifest): Promise<Versions> {
  const at = { ...session.of(kind, namespace), name }
  const answer = await session.ask({ verb: 'get', ...at })
  if (!isOk(answer) && answer.code !== 404) throw new ApiError({ verb: 'get', ...at, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  const manager = { fieldManager: managerOf(flags), dryRun: true }
  if (flags.on('server-side')) {
    const merged = session.send({
      verb: 'patch', ...at, body: object, patchType: 'application/apply-patch+yaml', force: flags.on('force-conflicts'), ...manager,
    }).catch(error => {
      // kubectl cannot tell a conflict of fields from one of versions, and has tried four times by then
      if (error instanceof ApiError && error.response.code === 409) {
        const of = `${kind.group}/${kind.version}, Kind=${kind.kind}`
        session.complain(logLine(session, 'W', 'diff.go:721', `Object (${of}: ${name}) keeps changing, diffing without lock`))
      }
      throw error
    })
    return { live: isOk(answer) ? answer.body : undefined, merged: await merged }
  }
  if (!isOk(answer)) return { live: undefined, merged: await session.send({ verb: 'create', ...session.of(kind, namespace), body: object, ...manager }) }
  const last = answer.body.metadata.annotations?.[LAST_APPLIED]
  const modified = {
    ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...last === undefined ? {} : { [LAST_APPLIED]: last } } },
  }
  const patch = threeWay(kind, last === undefined ? {} : JSON.parse(last), modified, answer.body)
  // what would change nothing is not sent
  if (Object.keys(patch).length === 0) return { live: answer.body, merged: answer.body }
  return { live: answer.body, merged: await session.send({ verb: 'patch', ...at, body: patch, patchType: patchTypeFor(kind), ...manager }) }
}
