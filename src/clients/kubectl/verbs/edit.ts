import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { rounds, COPY, kept, type Reopened } from '../editor/rounds.ts'
import { ApiError, Exit, explain, failure, throwAll } from '../errors.ts'
import { bool, situational, text, type Flags } from '../flags.ts'
import { apiVersionOf, findKind, groupVersion, nameOf, qualifiedResource } from '../kinds.ts'
import { parseManifest } from '../parse-manifest.ts'
import { patchTypeFor, twoWay } from '../patch/strategic.ts'
import { printerOf, whole } from '../printers/index.ts'
import { toCompactJson, toJson } from '../printers/json.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { findObjects, type Item } from '../targets.ts'
import { files, output, unrecorded, validate, validation, type Verb } from '../verb.ts'
import { withLastApplied } from './last-applied.ts'

/** Changes objects in an editor, which is named before the command. Source: kubectl pkg/cmd/edit/edit.go, pkg/cmd/util/editor/editoptions.go. */
export const edit: Verb = {
  flags: {
    ...files, ...output, ...validate, subresource: text(), 'output-patch': bool(), 'save-config': situational(bool()),
    'field-manager': text(undefined, 'kubectl-edit'), 'windows-line-endings': bool(), ...unrecorded,
  },
  async run(session, flags, command) {
    checkOutput(flags)
    const { items, errors } = await findObjects(session, flags, flags.args, { kindAlone: true })
    throwAll(errors)
    if (flags.on('windows-line-endings')) throw new NotModelled(`${command} --windows-line-endings`)
    if (items.length === 0) throw failure('edit cancelled, no objects found')
    const parts = await Promise.all(items.map(item => partOf(session, flags, item)))
    await rounds(session, contentOf(parts, flags), flags.text('output') === 'json', edited => save(session, flags, parts, edited))
  },
}
/** With `--subresource`, what is edited is what the server shows there; a Scale is shown, but is of no kind that kubectl could save. */
async function partOf(session: Session, flags: Flags, item: Item): Promise<Item> {
  const { kind, name, namespace } = item
  return flags.given('subresource')
    ? { ...item, object: await session.send({ verb: 'get', ...session.of(kind, namespace), name, subresource: flags.text('subresource') }) }
    : item
}
/** Source: editoptions.go (Complete: the formats of an editor) */
export function checkOutput(flags: Flags): void {
  const format = flags.text('output')
  if (!['', 'json', 'kyaml', 'yaml'].includes(format)) {
    throw failure(`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: json,kyaml,yaml`)
  }
  if (format === 'kyaml') throw new NotModelled('an editor of KYAML')
}
/** One object as it is, several as a list. */
export function contentOf(items: readonly Pick<Item, 'kind' | 'object'>[], flags: Flags): string {
  const [first] = items, objects = items.map(({ kind, object }) => whole({ kind, object }, flags.on('show-managed-fields')))
  const shown = items.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} }
  return first === undefined ? '' : flags.text('output') === 'json' ? toJson(shown) : toYaml(shown)
}
export const notValid = (kind: KindDefinition, name: string, causes: readonly string[]): Reopened =>
  ({ about: `${qualifiedResource(kind)} ${JSON.stringify(name)}`, causes })

/** The objects of an edited file; what is wrong with it as a whole. */
export function readEdited(text: string, { kind, name }: Pick<Item, 'kind' | 'name'>): { readonly objects: readonly any[] } | { readonly wrong: Reopened } {
  const wrong = (why: string): { readonly wrong: Reopened } =>
    ({ wrong: notValid(kind, name, [`<nil>: Invalid value: "The edited file failed validation": ${why}`]) })
  try {
    const [read] = parseManifest(text, 'edited-file')
    if (typeof read !== 'object' || read === null) return wrong('EOF')
    return { objects: (read as any).kind === 'List' ? (read as any).items ?? [] : [read] }
  } catch (error) { return wrong(explain(error).stderr.replace(/^error: (error parsing edited-file: (error converting YAML to JSON: )?)?/, '').trimEnd()) }
}

async function save(session: Session, flags: Flags, items: readonly Item[], edited: string): Promise<Reopened | undefined> {
  const read = readEdited(edited, items[0])
  if ('wrong' in read) return read.wrong
  let again: Reopened | undefined
  const refused: string[] = []
  for (const object of read.objects) {
    const item = items.length === 1
      ? items[0]
      : items.find(i => i.name === object.metadata?.name && i.kind.kind === object.kind && i.namespace === object.metadata?.namespace)
    if (!item) continue
    const outcome = await saveOne(session, flags, item, object, items.length > 1)
    if (typeof outcome === 'string') refused.push(outcome)
    else again ??= outcome
  }
  if (refused.length > 0) throw new Exit(`${refused.map(r => `error: ${r}\n`).join('')}You can run \`kubectl replace -f ${COPY}\` to try this update again.\n`)
  return again
}

/** What was edited with itself in its annotation, and there with all of its managers. */
function saved({ kind, object: original }: Item, edited: any): any {
  const managedFields = whole({ kind, object: original }, true).metadata.managedFields
  const { annotations } = withLastApplied({ ...edited, metadata: { ...edited.metadata, managedFields } }).metadata
  return { ...edited, metadata: { ...edited.metadata, annotations } }
}
/** A text: why it could not be patched. */
async function saveOne(session: Session, flags: Flags, item: Item, object: any, several: boolean): Promise<Reopened | string | undefined> {
  const { kind, name, namespace } = item, before = whole({ kind, object: item.object }, flags.on('show-managed-fields'))
  const asked = findKind(object.kind ?? '', session.kinds)
  if (object.apiVersion !== apiVersionOf(kind)
    && !session.kinds.all.some(k => groupVersion(object.apiVersion ?? '').version === k.version && k.kind === object.kind)) {
    return { about: '', causes: [], silent: true }
  }
  if (object.metadata?.name === undefined) throw new NotModelled('an edited object without a name')
  if (object.apiVersion !== apiVersionOf(kind) || object.kind !== kind.kind || object.metadata.name !== name || !asked) {
    throw kept(session, 'error: At least one of apiVersion, kind and name was changed')
  }
  const patch = twoWay(kind, before, flags.on('save-config') ? saved(item, object) : object)
  if (Object.keys(patch).length === 0) { if (several) session.print(`${nameOf(kind, name)} skipped`); return undefined }
  if (flags.on('output-patch')) session.print(`Patch: ${toCompactJson(patch)}`)
  try {
    const made = await session.send({
      verb: 'patch', ...session.of(kind, namespace ?? session.namespace), name, body: patch, patchType: patchTypeFor(kind),
      fieldManager: flags.text('field-manager'), fieldValidation: validation(flags),
      ...flags.given('subresource') ? { subresource: flags.text('subresource') } : {},
    })
    const printer = printerOf(flags)
    if (printer) printer(session, [{ kind, object: made }], true)
    else session.print(`${nameOf(kind, name)} edited`)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError) || error.response.code === 0) throw error
    if (error.reason === 'Invalid') return notValid(kind, name, (error.status?.details?.causes ?? []).map(c => `${c.field ?? ''}: ${c.message}`))
    return `${qualifiedResource(kind)} ${JSON.stringify(name)} could not be patched: ${error.message}`
  }
}
