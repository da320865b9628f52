import { sortedKeys } from '../../../base/sorted-keys.ts'
import { evaluate, parseJsonPath, renderJsonPath } from '../../../dsl/jsonpath.ts'
import { withShownFields } from '../../../runtime-model/api/shown-fields.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import { truthOf, type Flags } from '../flags.ts'
import { apiVersionOf, nameOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { customColumns } from './custom-columns.ts'
import { goSyntax } from './go-syntax.ts'
import { goTemplate } from './go-template/index.ts'
import { inKeyOrder, inStructOrder, type Ordered } from './field-order.ts'
import { orderedJson, toJson } from './json.ts'
import { toKyaml } from './kyaml.ts'
import { toYaml } from './yaml.ts'

/** An object with the kind it is of; objects in lists come without it. */
export interface Printable { readonly kind: Pick<KindDefinition, 'group' | 'version' | 'kind'>; readonly object: any }
/** Writes objects in a form that `-o` names; `single`: one object was asked for by name, not a list. */
export type Printer = (session: Session, printables: readonly Printable[], single: boolean) => void

const formats = [
  'custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name',
  'template', 'templatefile', 'wide', 'yaml',
]

/** `jsonpath-file=x` is `jsonpath=` what stands in x; of columns, the headers stand in the first line and the paths in the second. */
function ofFile(
  name: string, path: string, readFile: ((path: string) => string | undefined) | undefined
): { readonly format: string; readonly rest: string } | undefined {
  const format = fromFile[name]
  if (!format || !readFile) return undefined
  if (path === '') {
    throw failure(
      name === 'custom-columns-file' ? 'custom-columns-file format specified but no template file given' : 'template format specified but no template given'
    )
  }
  const text = readFile(path)
  if (text === undefined) {
    throw failure(
      name === 'custom-columns-file'
        ? `error reading template ${path}, open ${path}: no such file or directory`
        : `error reading --template ${path}, open ${path}: no such file or directory`
    )
  }
  if (name !== 'custom-columns-file') return { format, rest: text }
  const [headers, paths] = text.split('\n').map(line => line.trim().split(/\s+/))
  if (headers.length !== paths?.length) throw failure(`number of headers (${headers.length}) and field specifications (${paths?.length ?? 0}) don't match`)
  return { format, rest: headers.map((h, i) => `${h}:${paths[i]}`).join(',') }
}
const fromFile: Readonly<Record<string, string>> = {
  'custom-columns-file': 'custom-columns', 'go-template-file': 'go-template', templatefile: 'go-template', 'jsonpath-file': 'jsonpath',
}

/**
 * The printer of `-o`; undefined: kubectl's own table (`-o wide` too). `readFile`: of `get`, which has more forms. Source: kubectl pkg/cmd/get/get_flags.go.
 */
export function printerOf(flags: Flags, readFile?: (path: string) => string | undefined): Printer | undefined {
  const template = flags.text('template'), asked = flags.text('output') || (template && 'go-template'), strict = !flags.on('allow-missing-template-keys')
  if (asked === '' || (asked === 'wide' && readFile)) return undefined
  const [, name, , value = ''] = /^([^=]*)(=([\s\S]*))?$/.exec(asked)!
  const { format, rest } = ofFile(name, value || template, readFile) ?? { format: name, rest: value }
  const keep = flags.on('show-managed-fields')
  switch (format) {
    case 'yaml': return (session, printables, single) => documents(session, printables, single, keep, toYaml, '---\n')
    case 'json': case 'kyaml': return (session, printables, single) => {
      const order = orderOf(session, printables, single)
      documents(session, printables, single, keep, value => format === 'json' ? orderedJson(order(value)) : toKyaml(order(value)), '')
    }
    case 'name':
      return (session, printables) => { for (const { kind, object } of printables) session.print(nameOf(kind, object.metadata?.name ?? '<unknown>')) }
    case 'jsonpath-as-json': return (session, printables, single) => {
      if (rest === '') throw failure('template format specified but no template given')
      const found = renderedValues(rest, single ? whole(printables[0], true) : listOf(printables, true))
      session.stdout += toJson(found)
    }
    case 'jsonpath': return (session, printables, single) => {
      const path = rest || template
      if (path === '') throw failure('template format specified but no template given')
      const given = single ? whole(printables[0], true) : listOf(printables, true), printed = renderJsonPath(path, given, strict)
      if ('error' in printed) throw failure(printed.executing ? notExecuted(path, printed.executing, given) : printed.error)
      session.stdout += printed.text
    }
    case 'go-template': case 'template': {
      const text = rest || template
      if (text === '') throw failure('template format specified but no template given')
      const write = goTemplate(text, strict)
      return (session, printables, single) =>
        write(session, single ? whole(printables[0], true) : listOf(printables, true), orderOf(session, printables, single))
    }
    case 'custom-columns': {
      if (!readFile) throw unmatched(format, asked, false)
      const write = customColumns(rest)
      // of a file the headers stand in any case
      const bare = flags.on('no-headers') && name !== 'custom-columns-file'
      return (session, printables) => write(session, printables.map(p => whole(p, true)), bare)
    }
    default: throw unmatched(format, asked, readFile !== undefined)
  }
}

/** `all`: of `get`, which has more forms */
function unmatched(format: string, asked: string, all: boolean): Error {
  const allowed = formats.filter(f => all || !f.startsWith('custom-columns') && f !== 'wide')
  if (allowed.includes(format) && format !== 'wide') return new NotModelled(`kubectl -o ${format}`)
  return failure(`unable to match a printer suitable for the output format ${JSON.stringify(asked)}, allowed formats are: ${allowed.join(',')}`)
}
const orderOf = (session: Session, printables: readonly Printable[], single: boolean) => (value: unknown): Ordered =>
  session.typed && single && printables[0] ? inStructOrder(printables[0].kind, value) : inKeyOrder(value)

/** Source: cli-runtime pkg/printers/jsonpath.go. */
const notExecuted = (template: string, why: string, given: unknown): string =>
  `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(given)}\n\n\n`
function renderedValues(template: string, object: unknown): unknown[] {
  const parsed = parseJsonPath(template)
  if (!parsed.value) throw failure(parsed.diagnostics[0].message)
  const found = evaluate(parsed.value, object)
  if ('error' in found) throw failure(found.error)
  return found.results.flat()
}

function documents(
  session: Session, printables: readonly Printable[], single: boolean, keep: boolean, write: (value: unknown) => string, between: string
): void {
  if (single) { session.stdout += (session.stdout ? between : '') + write(whole(printables[0], keep)); return }
  session.stdout += write(listOf(printables, keep))
}
const listOf = (printables: readonly Printable[], keep: boolean): any =>
  ({ apiVersion: 'v1', items: printables.map(p => whole(p, keep)), kind: 'List', metadata: { resourceVersion: '' } })

/** with its kind; JSON and YAML leave managedFields out unless they are asked for. Source: cli-runtime genericclioptions/json_yaml_flags.go */
export function whole({ kind, object }: Printable, keepManagedFields: boolean): any {
  const full = object.kind ? object : { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object }
  if (full.metadata?.managedFields === undefined) return full
  if (keepManagedFields) return withShownFields(full)
  const { managedFields: _, ...metadata } = full.metadata
  return { ...full, metadata }
}

export type DryRun = 'none' | 'client' | 'server'
/** How much of a command is only tried; a truth value is how it was once written. Source: kubectl pkg/cmd/util/helpers.go (GetDryRunStrategy). */
export function dryRunOf(flags: Flags): DryRun {
  const value = flags.text('dry-run')
  if (value === 'none' || value === 'client' || value === 'server') return value
  const truth = value === 'unchanged' ? true : truthOf(value)
  if (truth === undefined) throw failure(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
  return truth ? 'client' : 'none'
}
/** What kubectl logs of the old ways. */
export function oldDryRun(flags: Flags): { readonly at: string; readonly says: string } | undefined {
  const value = flags.text('dry-run'), truth = truthOf(value)
  if (value === 'unchanged') return { at: 'helpers.go:719', says: '--dry-run is deprecated and can be replaced with --dry-run=client.' }
  if (truth === undefined) return undefined
  return {
    at: `helpers.go:${truth ? 733 : 736}`,
    says: `--dry-run=${truth} is deprecated (boolean value) and can be replaced with --dry-run=${truth ? 'client' : 'none'}.`,
  }
}

/** One object as it is; several in a list of kubectl's own, which is no answer of a server. Source: kubectl pkg/cmd/apply/apply.go (printObjects) */
export function printTogether(session: Session, flags: Flags, printables: readonly Printable[]): void {
  const print = printerOf(flags)!
  if (printables.length < 2) { if (printables.length > 0) print(session, printables, true); return }
  const keep = flags.on('show-managed-fields'), items = printables.map(p => sortedKeys(whole(p, keep)))
  session.typed = true
  print(session, [{ kind: { group: '', version: 'v1', kind: 'List' }, object: { kind: 'List', apiVersion: 'v1', metadata: {}, items } }], true)
}

/** `deployment.apps/web scaled`, or the object in the form that `-o` names. */
export function printDone(session: Session, flags: Flags, printable: Printable, operation: string, dryRun: DryRun = 'none'): void {
  const printer = printerOf(flags)
  if (printer) return printer(session, [printable], true)
  const suffix = dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : ''
  session.print(`${nameOf(printable.kind, printable.object.metadata?.name ?? '<unknown>')}${operation ? ` ${operation}` : ''}${suffix}`)
}
