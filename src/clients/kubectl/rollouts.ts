import { failure, throwAll } from './errors.ts'
import type { Flags, FlagTable } from './flags.ts'
import { qualifiedResource } from './kinds.ts'
import type { Session } from './session.ts'
import { findObjects, type Item } from './targets.ts'
import { files, selectors, type Verb } from './verb.ts'

const common: FlagTable = { ...files, ...selectors }
export const rolling = ['Deployment', 'DaemonSet', 'StatefulSet']

/** What a command does with each object it names; errors come last. `quiet`: nothing is said when there are none. */
export function eachRollout(work: (session: Session, flags: Flags, item: Item) => Promise<void>, flags: FlagTable, quiet = false): Verb {
  return {
    flags: { ...common, ...flags },
    async run(session, given) {
      if (given.args.length === 0 && !given.given('filename')) throw failure('required resource not specified')
      const { items, errors } = await findObjects(session, given, given.args, { kindAlone: true }), failed: unknown[] = [...errors]
      if (items.length === 0 && errors.length === 0 && !quiet) session.complain(`No resources found in ${session.namespace} namespace.`)
      for (const item of items) {
        try { await work(session, given, item) } catch (error) { failed.push(error) }
      }
      throwAll(failed)
    },
  }
}
export function needsRollout({ kind, name }: Item, what: string): void {
  if (!rolling.includes(kind.kind)) throw failure(`${qualifiedResource(kind)} ${JSON.stringify(name)} ${what}`)
}
