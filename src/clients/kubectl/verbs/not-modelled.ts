import { NotModelled } from '../../errors.ts'
import { bool, text, type FlagTable } from '../flags.ts'
import { files, output, type Verb } from '../verb.ts'

/** Verbs of kubectl that need what the model has not: a terminal, a process inside of a container, an editor, files of one's own. */
const without = (why: string, flags: FlagTable = {}): Verb => ({ flags, async run(_, __, command) { throw new NotModelled(`${command}: ${why}`) } })

export const proxy = without('there is no machine of one\'s own to listen on', { port: text('p') })
export const edit = without('there is no editor; `kubectl patch` and `kubectl replace` change objects', { ...files, ...output, subresource: text() })
export const config = without('there is one context only, and `I use namespace …` sets its namespace', { current: bool(), cluster: text(), user: text() })
