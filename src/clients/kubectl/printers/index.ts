import { renderJsonPath } from '../../../dsl/jsonpath.ts'
import { expandManagedFields } from '../../../runtime-model/api/managed-fields.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { apiVersionOf, nameOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { customColumns } from './custom-columns.ts'
import { goTemplate } from './go-template.ts'
import { toJson } from './json.ts'
import { toYaml } from './yaml.ts'

/** An object with the kind it is of; objects in lists come without it. */
export interface Printable { readonly kind: KindDefinition; readonly object: any }
/** Writes objects in a form that `-o` names; `single`: one object was asked for by name, not a list. */
export type Printer = (session: Session, printables: readonly Printable[], single: boolean) => void

const formats = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'wide', 'yaml']

/** The printer of `-o`; undefined: kubectl's own table (`-o wide` too). Source: kubectl pkg/cmd/get/get_flags.go. */
export function printerOf(flags: Flags): Printer | undefined {
  const asked = flags.text('output')
  if (asked === '' || asked === 'wide') return undefined
  const [, format, , rest = ''] = /^([^=]*)(=([\s\S]*))?$/.exec(asked)!
  const keep = flags.on('show-managed-fields')
  switch (format) {
    case 'yaml': return (session, printables, single) => documents(session, printables, single, keep, toYaml, '---\n')
    case 'json': return (session, printables, single) => documents(session, printables, single, keep, toJson, '')
    case 'name': return (session, printables) => { for (const { kind, object } of printables) session.print(nameOf(kind, object.metadata.name)) }
    case 'jsonpath': return (session, printables, single) => {
      const template = rest || flags.text('template')
      if (template === '') throw failure('template format specified but no template given')
      const printed = renderJsonPath(template, single ? whole(printables[0], keep) : listOf(printables, keep))
      if ('error' in printed) throw failure(printed.error)
      session.stdout += printed.text
    }
    case 'go-template': case 'template': {
      const write = goTemplate(rest || flags.text('template'))
      return (session, printables, single) => { session.stdout += write(single ? whole(printables[0], keep) : listOf(printables, keep)) }
    }
    case 'custom-columns': {
      const write = customColumns(rest)
      return (session, printables) => { session.stdout += write(printables.map(p => whole(p, keep)), flags.on('no-headers')) }
    }
    default:
      if (formats.includes(format)) throw new NotModelled(`kubectl -o ${format}`)
      throw failure(`unable to match a printer suitable for the output format ${JSON.stringify(asked)}, allowed formats are: ${formats.filter(f => f !== 'wide').join(',')}`)
  }
}

function documents(session: Session, printables: readonly Printable[], single: boolean, keep: boolean, write: (value: unknown) => string, between: string): void {
  if (single) { session.stdout += (session.stdout ? between : '') + write(whole(printables[0], keep)); return }
  session.stdout += write(listOf(printables, keep))
}
const listOf = (printables: readonly Printable[], keep: boolean): any => ({ apiVersion: 'v1', items: printables.map(p => whole(p, keep)), kind: 'List', metadata: { resourceVersion: '' } })

/** with its kind, without managedFields unless they are asked for */
export function whole({ kind, object }: Printable, keepManagedFields: boolean): any {
  const full = object.kind ? object : { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object }
  if (full.metadata?.managedFields === undefined) return full
  if (keepManagedFields) return { ...full, metadata: { ...full.metadata, managedFields: expandManagedFields(full) } }
  const { managedFields: _, ...metadata } = full.metadata
  return { ...full, metadata }
}

export type DryRun = 'none' | 'client' | 'server'
export function dryRunOf(flags: Flags): DryRun {
  const value = flags.text('dry-run')
  if (value === 'none' || value === 'client' || value === 'server') return value
  throw failure(value === 'unchanged' ? '--dry-run must be "none", "server", or "client"' : `Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
}

/** `deployment.apps/web scaled`, or the object in the form that `-o` names. */
export function printDone(session: Session, flags: Flags, printable: Printable, operation: string, dryRun: DryRun = 'none'): void {
  const printer = printerOf(flags)
  if (printer) return printer(session, [printable], true)
  const suffix = dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : ''
  session.print(`${nameOf(printable.kind, printable.object.metadata.name)}${operation ? ` ${operation}` : ''}${suffix}`)
}
