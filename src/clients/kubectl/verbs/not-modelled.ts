import { NotModelled } from '../../errors.ts'
import { throwAll } from '../errors.ts'
import { bool, int, text, type FlagTable } from '../flags.ts'
import { findObjects } from '../targets.ts'
import { files, output, validate, type Verb } from '../verb.ts'

/** Verbs of kubectl that need what the model has not: a terminal, a process inside of a container, an editor, files of one's own. */
const without = (why: string, flags: FlagTable = {}): Verb => ({ flags, async run(_, __, command) { throw new NotModelled(`${command}: ${why}`) } })

export const proxy = without('there is no machine of one\'s own to listen on', {
  port: { ...int('8001'), short: 'p' }, address: text(), 'accept-hosts': text(), 'api-prefix': text(), 'disable-filter': bool(), 'keepalive': text(),
  'reject-methods': text(), 'reject-paths': text(), 'unix-socket': text('u'), www: text('w'), 'www-prefix': text('P'),
})
/** Source: kubectl pkg/cmd/util/editor/editoptions.go: what is to be edited is read first. */
export const edit: Verb = {
  flags: {
    ...files, ...output, ...validate, subresource: text(), 'output-patch': bool(), 'save-config': bool(), 'field-manager': text(),
    'windows-line-endings': bool(),
  },
  async run(session, flags, command) {
    const { errors } = await findObjects(session, flags, flags.args, { kindAlone: true })
    throwAll(errors)
    throw new NotModelled(`${command}: there is no editor; \`kubectl patch\` and \`kubectl replace\` change objects`)
  },
}
