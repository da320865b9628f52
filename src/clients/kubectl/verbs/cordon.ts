import { ApiError, throwAll, usage } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { findObjects, type Item } from '../targets.ts'
import { dryRun, selectors, type Verb } from '../verb.ts'

/** The nodes that a command names, by name or `-l`. */
export async function nodesOf(session: Session, flags: Flags, command: string): Promise<readonly Item[]> {
  if (flags.args.length === 0 && !flags.given('selector')) throw usage(command, `USAGE: ${command.replace('kubectl ', '')} NODE [flags]`)
  if (flags.args.length > 0 && flags.given('selector')) throw usage(command, 'cannot specify both a node name and a --selector option')
  const { items, errors } = await findObjects(session, flags, flags.args.length ? flags.args.map(a => a.includes('/') ? a : `node/${a}`) : ['nodes'])
  // with the first that nobody answers it ends
  throwAll(errors[0] instanceof ApiError && errors[0].response.code === 0 ? errors.slice(0, 1) : errors)
  return items
}

/** `already` when the node is as wanted. Source: kubectl pkg/drain/cordon.go. */
export async function setSchedulable(session: Session, flags: Flags, { kind, name, object }: Item, unschedulable: boolean): Promise<void> {
  const word = unschedulable ? 'cordoned' : 'uncordoned', mode = dryRunOf(flags)
  if ((object.spec?.unschedulable === true) === unschedulable) return printDone(session, flags, { kind, object }, `already ${word}`, mode)
  try {
    const done = mode === 'client'
      ? object
      : await session.send({
        verb: 'patch', ...session.of(kind), name, body: { spec: { unschedulable: unschedulable || null } }, patchType: 'application/strategic-merge-patch+json',
        ...mode === 'server' ? { dryRun: true } : {},
      })
    printDone(session, flags, { kind, object: done }, word, mode)
  } catch (error) {
    if (!(error instanceof ApiError) || error.response.code === 0) throw error
    // told, and no reason to end with another code than 0
    session.complain(`error: unable to ${word.slice(0, -2)} node ${JSON.stringify(name)}: ${error.message}`)
  }
}

const marker = (unschedulable: boolean): Verb => ({
  flags: { ...selectors, ...dryRun },
  async run(session, flags, command) { for (const node of await nodesOf(session, flags, command)) await setSchedulable(session, flags, node, unschedulable) },
})
export const cordon = marker(true)
export const uncordon = marker(false)
