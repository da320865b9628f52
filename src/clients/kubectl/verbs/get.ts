import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { ApiError, bare, Exit, failure, isNotFound, throwAll, usage } from '../errors.ts'
import { bool, int, list, situational, text, type Flags } from '../flags.ts'
import { qualifiedSingular } from '../kinds.ts'
import { aggregated, isOneFile, matcherOf, readEach } from '../manifests.ts'
import { orNoNamespace } from '../missing-namespace.ts'
import { printerOf, type Printable } from '../printers/index.ts'
import { renderTable, type TableBody } from '../printers/table.ts'
import type { Session } from '../session.ts'
import { eitherFilesOrNames, parseTargets } from '../targets.ts'
import { files, output, selectors, type Verb } from '../verb.ts'
import { getRaw } from './raw.ts'
import { isFatal, noField, sortObjects, sortTable } from './sorting.ts'

/** Shows objects. Source: kubectl pkg/cmd/get/get.go. */
export const get: Verb = {
  flags: {
    ...files, ...selectors, ...output, 'all-namespaces': bool('A'), 'chunk-size': situational(int('500')), 'field-selector': text(),
    'ignore-not-found': situational(bool()),
    'label-columns': situational(list('L')), 'no-headers': situational(bool()),
    'output-watch-events': bool(), raw: text(), 'server-print': situational(bool(undefined, 'true')), 'show-kind': situational(bool()), 'show-labels': bool(),
    'sort-by': text(),
    subresource: text(), watch: bool('w'), 'watch-only': bool(),
  },
  async run(session, flags, command) {
    if (flags.given('raw') && flags.given('output')) throw failure('--raw and --output are mutually exclusive')
    if (flags.on('show-labels') && !['', 'wide'].includes(flags.text('output'))) {
      throw failure(`--show-labels option cannot be used with ${flags.text('output')} printer`)
    }
    if (flags.given('raw') && flags.args.length > 0) throw failure('arguments may not be passed when --raw is specified')
    if (flags.given('raw') && (flags.on('watch') || flags.on('watch-only') || flags.text('selector') !== '')) {
      throw failure('--raw may not be specified with other flags that filter the server request or alter the output')
    }
    if (flags.given('raw') && flags.text('output') !== '') throw failure('--raw and --output are mutually exclusive')
    if (flags.text('raw') !== '') { session.discovers = false; flags.passOver(); return getRaw(session, flags.text('raw')) }
    if (flags.on('output-watch-events') && !flags.on('watch') && !flags.on('watch-only')) {
      throw failure('--output-watch-events option can only be used with --watch or --watch-only')
    }
    const all = wanted(session, flags, command), printer = printerOf(flags, session.environment.readFile)
    const groups = all.filter((w): w is Wanted => 'kind' in w)
    if (flags.on('watch') || flags.on('watch-only')) {
      return (await import('./watch.ts')).watch(session, flags, groups, error =>
        listError(error, groups[0], flags.text('selector'), flags.text('field-selector')))
    }
    const outcome = printer ? await asObjects(session, flags, all, printer) : await asTables(session, flags, all)
    throwAll(printer ? outcome.errors : aggregated(outcome.errors))
    if (outcome.printed === 0 && !printer && !flags.on('ignore-not-found')) {
      const everywhere = flags.on('all-namespaces') || groups.some(g => !g.kind.namespaced)
      session.complain(everywhere ? 'No resources found' : `No resources found in ${session.namespace} namespace.`)
    }
  },
}

const isFromFiles = (flags: Flags): boolean => flags.given('filename') || flags.given('kustomize')
/** One request: an object by name, or the list of a kind. */
interface Wanted { readonly kind: KindDefinition; readonly name?: string; readonly namespace: string | undefined }
interface Unread { readonly error: unknown }
interface Outcome { readonly printed: number; readonly errors: readonly unknown[] }

/** What could not be read of a file stands in its place. */
function wanted(session: Session, flags: Flags, command: string): readonly (Wanted | Unread)[] {
  if (isFromFiles(flags)) {
    if (flags.args.length > 0) throw failure(eitherFilesOrNames)
    return readEach(session, flags, undefined, '').map(m => 'error' in m ? m : { kind: m.kind, name: m.name, namespace: m.namespace })
  }
  const targets = parseTargets(flags.args, session.kinds)
  if (targets.length === 0) {
    session.complain(`You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n`)
    throw usage(
      command, 'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
    )
  }
  const everywhere = flags.on('all-namespaces')
  if (everywhere && targets.some(t => t.name)) throw failure('a resource cannot be retrieved by name across all namespaces')
  if ((flags.given('selector') || flags.given('field-selector')) && targets.some(t => t.name)) {
    throw failure('name cannot be provided when a selector is specified')
  }
  if (flags.given('subresource') && targets.some(t => t.name === undefined)) throw failure('subresource cannot be used when bulk resources are specified')
  return targets.map(t => ({ ...t, namespace: everywhere ? '' : session.namespace }))
}

/** Reads all that is wanted; what is missing is told after what was found. */
async function read<T>(
  session: Session, flags: Flags, groups: readonly (Wanted | Unread)[], one: (w: Wanted, body: any) => T[], as?: 'Table'
): Promise<{ readonly found: T[]; readonly errors: unknown[] }> {
  const found: T[] = [], errors: unknown[] = [], selector = flags.text('selector'), fields = flags.text('field-selector')
  const subresource = flags.text('subresource'), query = as && flags.given('sort-by') ? { query: { includeObject: 'Object' } } : undefined
  // a Table has no labels: it goes by what an object without any would do
  const matches = isFromFiles(flags) && selector !== '' ? matcherOf(selector) : undefined
  for (const w of groups) {
    if ('error' in w) { errors.push(w.error); continue }
    try {
      if (w.name !== undefined) {
        const body = await session.send({
          verb: 'get', ...session.of(w.kind, w.namespace), name: w.name, ...as ? { as } : {}, ...query, ...subresource ? { subresource } : {},
        })
        if (matches?.(body) ?? true) found.push(...one(w, body))
      } else for (const page of await session.listPages(w.kind, {
        namespace: w.namespace, ...as ? { as } : {}, ...query, ...selector ? { labelSelector: selector } : {}, ...fields ? { fieldSelector: fields } : {},
        chunk: flags.given('sort-by') ? 0 : flags.int('chunk-size'),
      })) found.push(...one(w, page))
    } catch (refused) {
      const error = w.name === undefined ? refused : await orNoNamespace(session, refused, w.kind, w.namespace)
      if (isNotFound(error) && flags.on('ignore-not-found')) continue
      if (!(error instanceof ApiError)) throw error
      errors.push(listError(error, w, selector, fields))
    }
  }
  return { found, errors }
}
/** A list that is refused for a bad selector or a kind that is gone is told in kubectl's own words. Source: cli-runtime resource/selector.go. */
function listError(error: unknown, { kind, name }: Wanted, labels: string, fields: string): unknown {
  if (!(error instanceof ApiError) || name !== undefined || !['BadRequest', 'NotFound'].includes(error.reason ?? '')) return error
  const resource = `${kind.group}/${kind.version}, Resource=${kind.resource}`
  if (error.reason === 'NotFound') return bare(`Error from server (NotFound): Unable to list ${JSON.stringify(resource)}: ${error.message}`)
  return bare(
    `Error from server (BadRequest): Unable to find ${JSON.stringify(resource)} that match label selector ${JSON.stringify(labels)}, field selector ${JSON.stringify(fields)}: ${error.message}`
  )
}

async function asObjects(
  session: Session, flags: Flags, groups: readonly (Wanted | Unread)[], print: (session: Session, printables: readonly Printable[], single: boolean) => void
): Promise<Outcome> {
  const { found, errors } = await read<Printable>(session, flags, groups, (w, body) =>
    w.name !== undefined ? [{ kind: w.kind, object: body }] : (body.items ?? []).map((object: any) => ({ kind: w.kind, object })))
  // what stands in one file is one thing: it is all there, or nothing is told
  if (errors.length > 0 && flags.list('filename').length === 1) return { printed: 0, errors }
  const [first] = groups
  const single = isFromFiles(flags) ? isOneFile(session, flags) && found.length === 1 : groups.length === 1 && 'kind' in first && first.name !== undefined
  // what was asked for as a list is shown as one, be it empty; why it could not be shown is told behind what could not be read
  if (single ? found.length === 1 : found.length > 0 || !flags.on('ignore-not-found')) {
    try { print(session, flags.text('sort-by') ? sortObjects(session, found, flags.text('sort-by')) : found, single) } catch (error) {
      if (!(error instanceof Exit) || errors.length === 0 || isFatal(error)) throw error
      errors.push(error)
    }
  }
  return { printed: found.length, errors }
}

async function asTables(session: Session, flags: Flags, groups: readonly (Wanted | Unread)[]): Promise<Outcome> {
  interface Block { readonly kind: KindDefinition; readonly table: TableBody }
  const { found, errors } = await read<Block>(session, flags, groups, (w, table) => [{ kind: w.kind, table }], 'Table')
  // kubectl looks for the field in the tables themselves if there are several
  if (flags.text('sort-by') && found.length > 1) throw noField(flags.text('sort-by'))
  // of what was answered: a kind that was refused does not count (multipleGVKsRequested)
  const severalKinds = new Set(found.map(f => f.kind)).size > 1
  const blocks: { kind: KindDefinition; table: TableBody }[] = []
  for (const { kind, table } of found) {
    const last = blocks.at(-1)
    if (last?.kind === kind) last.table = { ...last.table, rows: [...last.table.rows, ...table.rows] }
    else blocks.push({ kind, table })
  }
  let printed = 0
  for (const { kind, table } of blocks) {
    if (table.rows.length === 0) continue
    if (printed > 0 && !flags.on('no-headers')) session.stdout += '\n'
    const { columnDefinitions, rows: all } = flags.on('server-print') ? table : plain(table)
    const rows = flags.text('sort-by') ? sortTable(session, all, flags.text('sort-by')) : all
    if (rows.length === 0) continue
    session.stdout += renderTable({ columnDefinitions, rows }, {
      wide: flags.text('output') === 'wide', noHeaders: flags.on('no-headers'), withNamespace: flags.on('all-namespaces') && kind.namespaced,
      showLabels: flags.on('show-labels'), labelColumns: flags.list('label-columns'),
      ...severalKinds || flags.on('show-kind') ? { namePrefix: qualifiedSingular(kind) } : {},
    })
    printed += rows.length
  }
  return { printed, errors }
}

/**
 * `--server-print=false`: kubectl's own idea of a table. Source: kubectl pkg/cmd/get/table_printer.go, cli-runtime tableprinter.go (printRowsForHandlerEntry).
 */
const plain = ({ columnDefinitions, rows }: TableBody): TableBody => {
  const [name, age] = [columnDefinitions.find(c => c.format === 'name')!, columnDefinitions.findIndex(c => c.name === 'Age')]
  return {
    columnDefinitions: [name, { name: 'Age', type: 'string', priority: 0 }],
    rows: rows.map(r => ({ object: r.object, cells: [r.object?.metadata?.name ?? '', age < 0 ? '<unknown>' : r.cells[age]] })),
  }
}
