import { failure } from './errors.ts'
import { absent, bool, list, optional, situational, text, type Flags, type FlagTable } from './flags.ts'
import type { Session } from './session.ts'

/** One verb of kubectl: what it takes and what it does. What it throws is told on stderr (errors.ts). */
export interface Verb {
  readonly flags: FlagTable
  /** it works with objects of its own types (session.ts) */
  readonly typed?: true
  /** how it calls itself, where it has other names too: `create cm` is `create configmap` */
  readonly name?: string
  /** what it advises where its flags cannot be read, if not to ask for its help */
  readonly misused?: string
  /** verbs below this one: `rollout status` */
  readonly under?: Readonly<Record<string, Verb>>
  /** a word that names no verb below is its own: `cluster-info x` */
  readonly takesWords?: true
  /** false: it knows the kinds it works on and never asks the server which there are */
  readonly discovers?: boolean
  run(session: Session, flags: Flags, command: string): Promise<void>
}

// Flags that many verbs share, as their packages define them. Source: kubectl pkg/cmd/util, cli-runtime genericclioptions.
export const files: FlagTable = { filename: list('f'), kustomize: text('k'), recursive: bool('R') }
/** …without kustomizations */
export const plainFiles: FlagTable = { filename: list('f'), recursive: bool('R') }
export const record: FlagTable = { record: { ...bool(), deprecated: '--record will be removed in the future' } }
/** …where what it would write is not modelled */
export const unrecorded: FlagTable = { record: absent(bool()) }
export const selectors: FlagTable = { selector: text('l') }
export const output: FlagTable = { output: text('o'), template: text(), 'show-managed-fields': situational(bool()),
  'allow-missing-template-keys': situational(bool(undefined, 'true')),
}
/** Verbs that make or change objects of their own types. */
export const allTyped = (verbs: Readonly<Record<string, Verb>>): Readonly<Record<string, Verb>> =>
  Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, { ...verb, typed: true, ...verb.under ? { under: allTyped(verb.under) } : {} }]))

/** The same verbs by their other names too; they call themselves by the first. */
export const withAliases = (verbs: Readonly<Record<string, Verb>>, aliases: Readonly<Record<string, string>>): Readonly<Record<string, Verb>> =>
  ({ ...verbs, ...Object.fromEntries(Object.entries(aliases).map(([alias, name]) => [alias, { ...verbs[name], name }])) })

/** `--dry-run` alone is an error in kubectl, and `none` is what it is without */
export const dryRun: FlagTable = { 'dry-run': optional('unchanged', 'none') }
export const validate: FlagTable = { validate: optional('strict', 'strict') }
/** …as the API server is told it */
export function validation(flags: Flags): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.text('validate')
  if (value === 'strict' || value === 'true') return 'Strict'
  if (value === 'warn') return 'Warn'
  if (value === 'ignore' || value === 'false') return 'Ignore'
  throw failure(`invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`)
}
