import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { ApiError, asOneBeside, Exit, failure, isNotFound, throwAll } from '../errors.ts'
import { bool, duration, int, optional, situational, text, type Flags } from '../flags.ts'
import { nameOf, qualifiedSingular } from '../kinds.ts'
import { readManifests } from '../manifests.ts'
import { dryRunOf, type DryRun } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import { dryRun, files, selectors, type Verb } from '../verb.ts'
import { FOREVER_MS, untilGone } from '../waiting.ts'
import { informed } from '../watch-rights.ts'
import { deleteRaw } from './raw.ts'

/** Deletes objects and waits until they are gone. Sources: kubectl pkg/cmd/delete/{delete,delete_flags}.go, pkg/cmd/wait/wait.go. */
export const remove: Verb = {
  flags: {
    ...files, ...selectors, ...dryRun, all: bool(), 'all-namespaces': bool('A'), cascade: optional('background', 'background'), 'field-selector': text(),
    force: bool(), 'grace-period': int('-1'), 'ignore-not-found': situational(bool()), now: bool(),
    output: situational(text('o')), raw: text(), timeout: situational(duration('0s')), wait: situational(bool(undefined, 'true')), interactive: bool('i'),
  },
  async run(session, flags) {
    if (flags.given('raw')) { session.discovers = false; return deleteRaw(session, flags) }
    const how = howTo(flags), mode = dryRunOf(flags), { victims, errors, selected } = await choose(session, flags)
    const asks = flags.on('interactive')
    if (victims.length === 0 && errors.length === 0) { session.print('No resources found'); return }
    if (asks && victims.length > 0 && !agreed(session, victims)) return
    if (how.force && how.gracePeriodSeconds === 0) {
      session.warn(
        'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.'
      )
    }
    // who has no server is told so once
    if (mode !== 'client') session.wholeOf({ verb: 'get', path: '/' })
    const gone: Deleted[] = [], failed: unknown[] = []
    for (const victim of victims) {
      try { gone.push(await deleteOne(session, flags, victim, how, mode)) } catch (error) {
        if (isNotFound(error) && (selected || flags.on('ignore-not-found'))) continue
        failed.push(
          error instanceof ApiError && victim.source ? new ApiError(error.request, error.response, `deleting ${JSON.stringify(victim.source)}`) : error
        )
      }
    }
    // who was refused something does not wait for the rest. Source: kubectl pkg/cmd/delete/delete.go (DeleteResult)
    if (flags.on('wait') && mode === 'none' && failed.length + errors.length === 0) {
      for (const victim of gone) await waitFor(session, victim, flags.duration('timeout') || FOREVER_MS).catch(error => failed.push(error))
    }
    throwAll([...failed, ...asOneBeside(failed, errors)])
  },
}

/** `--interactive`: only a y on stdin lets anything be deleted. Source: kubectl pkg/cmd/delete/delete.go (confirmation) */
function agreed(session: Session, victims: readonly Victim[]): boolean {
  session.print(`You are about to delete the following ${victims.length} resource(s):`)
  for (const { kind, name } of victims) session.print(nameOf(kind, name))
  session.stdout += 'Do you want to continue? (y/N): '
  const yes = ['y', 'Y'].includes((session.environment.stdin ?? '').split('\n')[0].trim())
  if (!yes) session.print('deletion is cancelled')
  return yes
}

interface Victim { readonly kind: KindDefinition; readonly namespace: string | undefined; readonly name: string; readonly source?: string }
interface Deleted extends Victim { readonly uid: string | undefined }
interface How { readonly gracePeriodSeconds?: number; readonly propagationPolicy: string; readonly force: boolean }

function howTo(flags: Flags): How {
  let grace = flags.int('grace-period')
  if (flags.on('now')) {
    if (grace >= 0) throw failure('--now and --grace-period cannot be specified together')
    grace = 1
  }
  const force = flags.on('force')
  if (grace === 0 && !force) grace = 1
  if (force && grace < 0) grace = 0
  if (force && grace > 0) throw failure('--force and --grace-period greater than 0 cannot be specified together')
  const policy = ({
    background: 'Background', foreground: 'Foreground', orphan: 'Orphan', true: 'Background', false: 'Orphan',
  } as Record<string, string>)[flags.text('cascade')]
  if (!policy) throw failure(`invalid cascade value (${flags.text('cascade')}). Must be "background", "foreground", or "orphan"`)
  if (flags.given('output') && flags.text('output') !== 'name') {
    throw failure(`unexpected -o output mode: ${flags.text('output')}. We only support '-o name'`)
  }
  return { ...grace >= 0 ? { gracePeriodSeconds: grace } : {}, propagationPolicy: policy, force }
}

async function choose(session: Session, flags: Flags): Promise<{
  readonly victims: Victim[]; readonly errors: readonly unknown[]; readonly selected: boolean
}> {
  if (flags.given('filename') || flags.given('kustomize')) {
    const { manifests, errors } = readManifests(session, flags)
    return { victims: manifests.map(m => ({ kind: m.kind, namespace: m.namespace, name: m.name ?? '', source: m.source })), errors, selected: false }
  }
  if (flags.on('all') && flags.text('selector') + flags.text('field-selector') !== '') throw failure("setting 'all' parameter but found a non empty selector. ")
  const targets = parseTargets(flags.args, session.kinds), selector = flags.text('selector'), fields = flags.text('field-selector')
  const selected = flags.on('all') || selector !== '' || fields !== ''
  if (targets.length === 0 && selected) throw failure('at least one resource must be specified to use a selector')
  if (targets.length === 0) {
    throw failure(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"
    )
  }
  const victims: Victim[] = []
  for (const { kind, name } of targets) {
    if (name !== undefined) {
      if (flags.on('all') || selector !== '') {
        throw failure('name cannot be provided when a selector is specified')
      }
      victims.push({ kind, name, namespace: kind.namespaced ? session.namespace : undefined })
    } else if (!selected) throw failure('resource(s) were provided, but no name was specified')
    else for (const { metadata } of await session.list(kind, {
      namespace: flags.on('all-namespaces')
        ? ''
        : session.namespace, ...selector ? { labelSelector: selector } : {}, ...fields ? { fieldSelector: fields } : {},
    })) victims.push({ kind, name: metadata.name, namespace: metadata.namespace })
  }
  return { victims, errors: [], selected }
}

async function deleteOne(session: Session, flags: Flags, { kind, namespace, name }: Victim, { force, ...options }: How, mode: DryRun): Promise<Deleted> {
  const at = session.of(kind, namespace ?? session.namespace)
  const answer = mode === 'client'
    ? undefined
    : await session.send({ verb: 'delete', ...at, name, body: options, ...mode === 'server' ? { dryRun: true } : {} })
  if (flags.text('output') === 'name') session.print(nameOf(kind, name))
  else session.print(
    `${qualifiedSingular(kind)} ${JSON.stringify(name)} ${force && options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted'}${kind.namespaced ? ` from ${namespace} namespace` : ''}${mode === 'client' ? ' (dry run)' : mode === 'server' ? ' (server dry run)' : ''}`
  )
  return { kind, namespace, name, uid: answer?.kind === 'Status' ? answer.details?.uid : answer?.metadata?.uid }
}

async function waitFor(session: Session, { kind, namespace, name, uid }: Deleted, ms: number): Promise<void> {
  const answer = await session.ask({ verb: 'get', ...session.of(kind, namespace ?? session.namespace), name })
  if (answer.code === 404 || answer.code === 403 || answer.code === 405 || (answer.code === 200 && uid !== undefined && answer.body.metadata.uid !== uid)) {
    return
  }
  if (!await informed(session, { kind, namespace, name }, ms) || await untilGone(session, kind, namespace, name, uid, ms) === 'timeout') {
    throw new Exit(`error: timed out waiting for the condition on ${kind.resource}/${name}\n`)
  }
}
export { deleteOne, waitFor }
