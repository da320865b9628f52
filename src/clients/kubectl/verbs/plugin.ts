import { failure } from '../errors.ts'
import { bool } from '../flags.ts'
import type { Verb } from '../verb.ts'
import { optionsPage } from '../help.ts'
import { bareVerb } from './bare.ts'

/** There is no PATH, and so there are no plugins. Source: kubectl pkg/cmd/plugin/plugin.go. */
const list: Verb = { discovers: false, flags: { 'name-only': bool() }, async run() { throw failure('unable to find any kubectl plugins in your PATH') } }
export const plugin = bareVerb({ list })

/** Source: kubectl pkg/cmd/options/options.go. */
export const options: Verb = {
  discovers: false, flags: {}, misused: 'Run \'kubectl options\' without flags.',
  async run(session) { session.stdout += await optionsPage() },
}
