import { Exit, usage } from '../errors.ts'
import { helpPage } from '../help.ts'
import type { Verb } from '../verb.ts'

/** A verb that is nothing by itself: it prints its page, most of them on stderr. */
export const bareVerb = (under: Readonly<Record<string, Verb>>, { stdout = false, code = 1 }: {
  readonly stdout?: boolean; readonly code?: number
} = {}): Verb =>
  ({
  flags: {}, under, discovers: false,
  async run(session, flags, command) {
    if (flags.args.length > 0 && code !== 0) throw usage(command, `unknown command ${JSON.stringify(flags.args.join(' '))}`)
    const page = await helpPage(command)
    if (stdout) session.stdout += page
    throw new Exit(stdout ? '' : page, code)
  },
})
