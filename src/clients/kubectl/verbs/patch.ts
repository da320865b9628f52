import { ApiError, failure, throwAll } from '../errors.ts'
import { bool, text, type Flags } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { exact, parseManifest } from '../parse-manifest.ts'
import { mergePlainly } from '../kustomize/patches.ts'
import { dryRunOf, printDone, printerOf } from '../printers/index.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import type { Request, Session } from '../session.ts'
import { findObjects, type Found, type Item } from '../targets.ts'
import { dryRun, files, output, record, type Verb } from '../verb.ts'
import type { PatchType } from '../../../runtime-model/api/request.ts'
import { typeOf } from '../../../runtime-model/api/merge-metadata.ts'
import { applyJsonPatch } from '../../../runtime-model/api/json-patch.ts'
import { strategicMerge, StrategicMergeError } from '../../../runtime-model/api/strategic-merge.ts'
import { apiVersionOf, hasTypeOf, nameOf } from '../kinds.ts'
import { recordAfterwards } from '../change-cause.ts'
import { same } from '../patch/strategic.ts'

const types: Readonly<Record<string, PatchType>> = {
  strategic: 'application/strategic-merge-patch+json', merge: 'application/merge-patch+json', json: 'application/json-patch+json',
}

/** Changes fields of objects. Source: kubectl pkg/cmd/patch/patch.go. */
export const patch: Verb = {
  flags: {
    ...files, ...output, ...dryRun, patch: text('p'), 'patch-file': text(), type: text(undefined, 'strategic'), subresource: text(), local: bool(),
    'field-manager': text(undefined, 'kubectl-patch'), ...record,
  },
  async run(session, flags, command) {
    if (flags.text('patch') === '' && flags.text('patch-file') === '') {
      throw failure('must specify --patch or --patch-file containing the contents of the patch')
    }
    const type = types[flags.text('type').toLowerCase()]
    if (!type) throw failure(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.text('type'))}`)
    const given = flags.given('patch-file') ? session.environment.readFile(flags.text('patch-file')) : flags.text('patch')
    if (given === undefined) throw failure(`unable to read patch file: open ${flags.text('patch-file')}: no such file or directory`)
    const { items, errors } = await patchable(session, flags), failed: unknown[] = [...errors]
    if (items.length === 0 && errors.length === 0) throw failure('no objects passed to patch')
    for (const item of items) {
      try {
        await one(session, flags, item, type, given, command)
      } catch (error) { failed.push(error) }
    }
    throwAll(failed)
  },
}

/** Of files nobody asks the server what there is. Source: patch.go (RunPatch: the builder has no Latest) */
async function patchable(session: Session, flags: Flags): Promise<Pick<Found, 'items' | 'errors'>> {
  const files = flags.given('filename') || flags.given('kustomize')
  if (!files || flags.args.length > 0 || flags.on('local') || dryRunOf(flags) !== 'client') return findObjects(session, flags, flags.args)
  const { manifests, errors } = readManifests(session, flags)
  return { items: manifests.map(m => ({ ...m, name: m.name ?? '' })), errors }
}

async function one(session: Session, flags: Flags, item: Item, patchType: PatchType, given: string, command: string): Promise<void> {
  const { kind, name, namespace, object } = item
  const mode = dryRunOf(flags), here = mode === 'client' || flags.on('local'), subresource = flags.text('subresource')
  const body = readPatch(given), at = { ...session.of(kind, namespace ?? session.namespace), name }
  const before = subresource && !here ? await session.send({ verb: 'get', ...at, subresource }) : object
  const patched = here
    ? patchHere(object, kind, patchType, body)
    : await sent(session, kind, patchType, {
      verb: 'patch', ...at, body, patchType, fieldManager: flags.text('field-manager'),
      ...subresource ? { subresource } : {}, ...mode === 'server' ? { dryRun: true } : {},
    })
  if (!here) await recordAfterwards(session, flags, command, item)
  if (printerOf(flags)) return printDone(session, flags, { kind, object: patched }, 'patched', mode)
  const shown = patched.kind && patched.kind !== kind.kind ? { kind: patched.kind as string, group: String(patched.apiVersion).split('/')[0] } : kind
  const unchanged = same(patched, before)
  // that it was only tried is not said
  session.print(`${nameOf(shown, name)} patched${unchanged ? ' (no change)' : ''}`)
}

/** A server that cannot take this kind of patch is quoted. */
async function sent(session: Session, kind: KindDefinition, patchType: PatchType, request: Request): Promise<any> {
  try { return await session.send(request) } catch (error) {
    if (error instanceof ApiError && error.response.code === 415) {
      throw failure(`${patchType} is not supported by ${apiVersionOf(kind)}, Kind=${kind.kind}: ${error.message}`)
    }
    throw error
  }
}

/** What starts like JSON goes to the server as it is, mistakes included; anything else is YAML. What is no object or list goes as text. */
function readPatch(given: string): any {
  const read = /^\s*[{[]/.test(given) ? jsonOf(given) : parseManifest(given, 'patch')[0]
  if (read === undefined) return given
  return typeof read === 'object' && read !== null ? read : JSON.stringify(read)
}
function jsonOf(text: string): unknown {
  let read: unknown
  try { read = JSON.parse(text) } catch { return undefined }
  return exact(read, text)
}

/** What the server would make of it: `--dry-run=client` and `--local` print that. Source: kubectl pkg/cmd/patch/patch.go (getPatchedJSON) */
function patchHere(object: any, kind: KindDefinition, type: PatchType, patch: any): any {
  const is = Array.isArray(patch) ? 'array' : typeof patch
  if (type === types.json) {
    if (is !== 'array') throw failure(`json: cannot unmarshal ${is} into Go value of type jsonpatch.Patch`)
    return patchedHere(object, patch)
  }
  if (type === types.merge) {
    if (is !== 'object') throw failure(`json: cannot unmarshal ${is} into Go value of type unstructured.detector`)
    return mergePlainly(object, patch)
  }
  if (!hasTypeOf(kind)) {
    throw failure(`strategic merge patch is not supported for ${apiVersionOf(kind)}, Kind=${kind.kind} locally, try --type merge`)
  }
  if (is !== 'object') throw failure('invalid JSON document')
  try { return strategicMerge(typeOf(kind.group, kind.version, kind.kind), object, patch) } catch (error) {
    throw error instanceof StrategicMergeError ? failure(error.message) : error
  }
}
/** Source: patch.go (getPatchedJSON, which looks for what is missing in the library's words) */
function patchedHere(object: any, operations: readonly any[]): any {
  const patched = applyJsonPatch(object, operations)
  if ('error' in patched) throw failure(patched.error.replace(/^.*doc is missing key: (.*)$/, 'Object to be patched is missing field ($1)'))
  if (!patched.document.kind) throw failure(`Object 'Kind' is missing in '${JSON.stringify(patched.document)}'`)
  return patched.document
}
