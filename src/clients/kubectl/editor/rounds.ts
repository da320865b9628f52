import { NotModelled } from '../../errors.ts'
import { Exit } from '../errors.ts'
import type { Session } from '../session.ts'
import { editorOf } from './editor.ts'

/** Where kubectl leaves what was not taken. */
export const COPY = '/tmp/kubectl-edit-1234567890.yaml'
/** an editor that changes the file anew each time it is given back is let go */
const roundsAtMost = 20

const usual = [
  "# Please edit the object below. Lines beginning with a '#' will be ignored,",
  '# and an empty file will abort the edit. If an error occurs while saving this file will be', '# reopened with the relevant failures.',
]
export const lastAppliedHead = [
  "# Please edit the 'last-applied-configuration' annotations below.", "# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.",
]

/** What the file was not taken for: `about` is what was wrong (`configmaps "a"`), `causes` why; `silent`: nothing is said of it. */
export interface Reopened { readonly about: string; readonly causes: readonly string[]; readonly silent?: true }

export const kept = (session: Session, message: string): Exit => {
  session.complain(`A copy of your changes has been stored to ${JSON.stringify(COPY)}`)
  return new Exit(message.endsWith('\n') ? message : `${message}\n`)
}

/**
 * Opens the file, and again with what is wrong with it, until `save` takes it (undefined), nothing was changed, or nothing more is changed. Source: kubectl
 * pkg/cmd/util/editor/editoptions.go (EditOptions.Run).
 */
export async function rounds(
  session: Session, content: string, plain: boolean, save: (edited: string) => Promise<Reopened | undefined>, head: readonly string[] = usual
): Promise<void> {
  const edit = editorOf(session), original = bare(content)
  const written = (text: string, wrong?: Reopened): string => plain ? text
    : `${[...head, '#', ...wrong && !wrong.silent ? [`# ${wrong.about} was not valid:`, ...wrong.causes.map(c => `# * ${c.replaceAll('\n', '\n# ')}`), '#'] : []].join('\n')}\n${text}`
  let text = content, wrong: Reopened | undefined, before: string | undefined
  for (let round = 0; round < roundsAtMost; round++) {
    const edited = bare(edit(written(text, wrong)))
    if (wrong && edited === before) throw kept(session, 'error: Edit cancelled, no valid changes were saved.')
    if (edited === original) { session.complain('Edit cancelled, no changes made.'); return }
    wrong = await save(edited)
    if (!wrong) return
    if (!wrong.silent) session.complain(`error: ${wrong.about} is invalid`)
    before = edited
    text = edited
  }
  throw new NotModelled('an editor that changes the file anew whenever it is reopened')
}
const bare = (text: string): string => text.split('\n').filter(line => !line.startsWith('#')).join('\n')
