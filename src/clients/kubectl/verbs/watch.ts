import { fieldMatcher, parseFieldSelector, parseLabelSelector } from '../../../runtime-model/api/selectors.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { requestTimeoutMs } from '../global-flags.ts'
import { qualifiedResource } from '../kinds.ts'
import { printerOf } from '../printers/index.ts'
import { tableCells, type TableBody, type TableOptions } from '../printers/table.ts'
import type { Session } from '../session.ts'
import { TABLE } from '../tab-writer.ts'
import { watchRefusal } from '../watch-rights.ts'

/** What is watched: one object, or those of a kind that the selectors leave; namespace '' means all. */
export interface Watched { readonly kind: KindDefinition; readonly name?: string; readonly namespace: string | undefined }
type Change = 'ADDED' | 'MODIFIED' | 'DELETED'

/**
 * `get --watch`: what there is, and each change from then on, until the client's own `--request-timeout` ends the stream; without one it never ends. The
 * stream of stored changes stands for the watch. `worded`: how a refused list is told. Source: kubectl pkg/cmd/get/get.go (watch).
 */
export async function watch(session: Session, flags: Flags, groups: readonly Watched[], worded: (error: unknown) => unknown): Promise<void> {
  if (groups.length !== 1) throw failure('you may only specify a single resource type')
  const [wanted] = groups, { kind, name } = wanted, ms = requestTimeoutMs(flags) ?? 0
  if (ms <= 0) throw new NotModelled('kubectl get --watch: it never ends; `--request-timeout=30s` says for how long to watch')
  const selector = flags.text('selector'), fields = flags.text('field-selector'), namespace = wanted.namespace === '' ? undefined : wanted.namespace
  const found = name === undefined
    ? await session.list(kind, {
      namespace: wanted.namespace, ...selector ? { labelSelector: selector } : {}, ...fields ? { fieldSelector: fields } : {},
    }).catch(error => {
      throw worded(error)
    })
    : [await session.get(kind, name, wanted.namespace)]
  const show = shower(session, flags, kind), matches = matcher(kind, selector, fields)
  if (!flags.on('watch-only') && found.length > 0) show(found.map(object => ['ADDED', object]))
  const refused = await watchRefusal(session, { kind, name, namespace: wanted.namespace })
  if (refused) throw refused
  const stop = session.driver.observe(o => {
    if (o.type !== 'object' || o.resource !== qualifiedResource(kind) || (name !== undefined && o.name !== name)
      || (kind.namespaced && namespace !== undefined && o.namespace !== namespace)) {
      return
    }
    const was = o.old !== undefined && matches(o.old), is = o.change !== 'DELETED' && matches(o.new)
    if (was || is) show([[!is ? 'DELETED' : was ? 'MODIFIED' : 'ADDED', is ? o.new : o.old]])
  }, ['object'])
  try { await session.driver.runUntil(() => false, session.now + ms, { toDeadline: true }) } finally { stop() }
}

function matcher(kind: KindDefinition, labels: string, fields: string): (object: any) => boolean {
  const byLabel = parseLabelSelector(labels), terms = parseFieldSelector(fields)
  const byField = terms.error === undefined ? fieldMatcher(terms.terms, kind.fieldSelectors, kind.namespaced) : terms
  return object => (byLabel.error !== undefined || byLabel.matches(object.metadata.labels ?? {})) && (!('matches' in byField) || byField.matches(object))
}

/** Writes changes as they come: as tables whose columns only grow, or each object by itself. */
function shower(session: Session, flags: Flags, kind: KindDefinition): (changes: readonly (readonly [Change, any])[]) => void {
  const printer = printerOf(flags, session.environment.readFile), told = flags.on('output-watch-events')
  if (printer && (told || !/^(name|json|yaml|jsonpath=)/.test(flags.text('output')))) {
    throw new NotModelled(`kubectl get --watch -o ${flags.text('output')}${told ? ' --output-watch-events' : ''}`)
  }
  if (printer) return changes => { for (const [, object] of changes) printer(session, [{ kind, object }], true) }
  if (kind.columns.length === 0) throw new NotModelled(`kubectl get --watch of ${qualifiedResource(kind)}`)
  const widths: number[] = []
  let headed = flags.on('no-headers')
  return changes => {
    const table: TableBody = {
      columnDefinitions: kind.columns.map(c => ({ ...c, format: c.format ?? '' })),
      rows: changes.map(([, object]) => ({ cells: kind.cells(object, session.calendarMs), object })),
    }
    const lines = tableCells(table, optionsOf(flags, kind, headed)), events = [...headed ? [] : ['EVENT'], ...changes.map(([change]) => change)]
    headed = true
    session.stdout += growing(told ? lines.map((cells, i) => [events[i], ...cells]) : lines, widths)
  }
}
const optionsOf = (flags: Flags, kind: KindDefinition, noHeaders: boolean): TableOptions => ({
  wide: flags.text('output') === 'wide', noHeaders, withNamespace: flags.on('all-namespaces') && kind.namespaced, showLabels: flags.on('show-labels'),
  labelColumns: flags.list('label-columns'),
})

/** A column is as wide as it ever was. Source: github.com/liggitt/tabwriter (RememberWidths). */
function growing(lines: readonly (readonly string[])[], widths: number[]): string {
  for (const cells of lines) cells.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? TABLE.minWidth, [...cell].length + TABLE.padding) })
  return lines.map(cells => `${cells.map((cell, i) => i < cells.length - 1 ? cell.padEnd(widths[i]) : cell).join('')}\n`).join('')
}
