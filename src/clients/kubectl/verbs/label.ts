import { CHANGE_CAUSE, recorded } from '../change-cause.ts'
import { validLabelValue } from '../../../runtime-model/api/names.ts'
import { failure, throwAll } from '../errors.ts'
import { bool, text, type Flags } from '../flags.ts'
import { mergePatchOf } from '../patch/merge.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { findObjects, forEachFound, type Item } from '../targets.ts'
import { dryRun, files, output, record, selectors, type Verb } from '../verb.ts'

interface Pairs { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] }

/** Arguments up to the first `key=value` or `key-` are objects. Source: kubectl pkg/cmd/util/helpers.go, GetResourcesAndPairs. */
export function splitPairs(args: readonly string[], what: string): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const isPair = (word: string): boolean => word.indexOf('=') > 0 || (word.endsWith('-') && word !== '-'), first = args.findIndex(isPair)
  const wrong = first < 0 ? undefined : args.slice(first).find(a => !isPair(a))
  if (wrong !== undefined) throw failure(`all resources must be specified before ${what} changes: ${wrong}`)
  return first < 0 ? { resources: args, pairs: [] } : { resources: args.slice(0, first), pairs: args.slice(first) }
}
function parsePairs(words: readonly string[], what: 'label' | 'annotation'): Pairs {
  const set: Record<string, string> = {}, remove: string[] = []
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) {
      const key = word.slice(0, at), value = word.slice(at + 1)
      if (what === 'label') {
        if (value.includes('=')) throw failure(`invalid label spec: ${word}`)
        const [wrong] = validLabelValue(value)
        if (wrong) throw failure(`invalid label value: ${JSON.stringify(word)}: ${wrong}`)
      }
      set[key] = value
    } else if (word.endsWith('-') && at < 0) remove.push(word.slice(0, -1))
    else throw failure(`unknown ${what} spec: ${word}`)
  }
  const both = remove.find(key => Object.hasOwn(set, key))
  if (both) {
    throw failure(
      `can not both modify and remove ${what === 'label' ? 'a label in the same command' : `the following annotation(s) in the same command: ${both}`}`
    )
  }
  return { set, remove }
}

/** whether one object was named: by a file, or by its name. Source: cli-runtime resource/builder.go (singleItemImplied) */
function single(session: Session, flags: Flags, resources: readonly string[]): boolean {
  if (flags.given('all') || flags.text('selector') !== '' || flags.text('field-selector') !== '') return false
  const files = flags.list('filename')
  if (files.length > 0) return files.length === 1 && session.environment.readFile(files[0]) !== undefined
  return resources.length === 1 ? resources[0].includes('/') : resources.length === 2 && !resources[0].includes('/')
}

const marksOf = ({ metadata: { labels = {}, annotations = {} } }: any): object => ({ labels, annotations })
/** Labels and annotations differ in little. Sources: kubectl pkg/cmd/label/label.go, pkg/cmd/annotate/annotate.go. */
function changer(what: 'label' | 'annotation', manager: string): Verb {
  const field = what === 'label' ? 'labels' : 'annotations'
  const refuse = (taken: readonly string[]): void => throwAll(what === 'label'
    ? taken.map(t => failure(`${t}, and --overwrite is false`))
    : [failure(`--overwrite is false but found the following declared annotation(s): ${taken.join('; ')}`)])
  function list(session: Session, kind: Item['kind'], object: any, alone: boolean): void {
    if (!alone) session.print(`Listing ${field} for ${kind.kind}.${kind.group}/${object.metadata.name}:`)
    for (const [key, value] of Object.entries<string>(object.metadata[field] ?? {}).sort(([a], [b]) => a < b ? -1 : 1)) {
      session.print(`${alone ? '' : ' '}${key}=${value}`)
    }
  }
  async function one(
    session: Session, flags: Flags, command: string, { set, remove }: Pairs, { kind, name, namespace, object }: Item, alone: boolean
  ): Promise<void> {
    const old: Readonly<Record<string, string>> = object.metadata[field] ?? {}, mode = dryRunOf(flags)
    const taken = flags.on('overwrite')
      ? []
      : Object.keys(set).filter(k => k !== CHANGE_CAUSE && old[k] !== undefined && old[k] !== set[k]).map(k => `'${k}' already has a value (${old[k]})`)
    if (taken.length > 0) refuse(taken)
    const fresh = Object.fromEntries(Object.entries({ ...old, ...set }).filter(([k]) => !remove.includes(k)))
    for (const key of remove) if (what === 'label' && old[key] === undefined) session.print(`label ${JSON.stringify(key)} not found.`)
    const changed = recorded({ ...object, metadata: { ...object.metadata, [field]: fresh } }, command, flags)
    // what it would be is shown, and nothing is sent
    if (flags.on('list')) return list(session, kind, changed, alone)
    const patch = mergePatchOf({ metadata: marksOf(object) }, { metadata: marksOf(changed) })
    const version = flags.text('resource-version')
    const answer = mode === 'client' || flags.on('local')
      ? changed
      : await session.send({
        verb: 'patch', ...session.of(kind, namespace ?? session.namespace), name,
        body: version ? { ...patch, metadata: { ...patch.metadata, resourceVersion: version } } : patch, patchType: 'application/merge-patch+json',
        fieldManager: flags.text('field-manager'), ...mode === 'server' ? { dryRun: true } : {},
      })
    const lengths = [object, changed].map(o => JSON.stringify(marksOf(o)).length)
    const verb = what === 'annotation' ? 'annotated'
      : Object.keys(patch).length === 0 && object.metadata[field] !== undefined ? 'not labeled'
      : !flags.on('overwrite') && lengths[1] < lengths[0] ? 'unlabeled'
      : 'labeled'
    printDone(session, flags, { kind, object: answer }, verb, mode)
  }
  return {
    flags: {
      ...files, ...selectors, ...output, ...dryRun, all: bool(), 'all-namespaces': bool('A'), 'field-selector': text(), list: bool(), local: bool(),
      overwrite: bool(), 'resource-version': text(), 'field-manager': text(undefined, manager), ...record,
    },
    async run(session, flags, command) {
      const { resources, pairs } = splitPairs(flags.args, what)
      if (resources.length === 0 && !flags.given('filename')) throw failure('one or more resources must be specified as <resource> <name> or <resource>/<name>')
      if (pairs.length === 0 && !flags.on('list')) throw failure(`at least one ${what} update is required`)
      if (flags.on('all') && flags.text('selector') !== '') throw failure('cannot set --all and --selector at the same time')
      const parsed = parsePairs(pairs, what), found = await findObjects(session, flags, resources)
      if (flags.text('resource-version') !== '' && !single(session, flags, resources)) {
        throw failure('--resource-version may only be used with a single resource')
      }
      const alone = found.items.length === 1 && !flags.on('all') && !flags.given('selector')
      await forEachFound(found, item => one(session, flags, command, parsed, item, alone))
    },
  }
}
export const label = changer('label', 'kubectl-label')
export const annotate = changer('annotation', 'kubectl-annotate')
