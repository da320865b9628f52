import type { Verb } from './verb.ts'

/** The pages of kubectl's help: each is a list of places among `lines`. */
interface Pages { readonly lines: readonly string[]; readonly options: readonly number[]; readonly pages: Readonly<Record<string, readonly number[]>> }
let read: Pages | undefined
async function pages(): Promise<Pages> { return read ??= JSON.parse((await import('./generated/help.ts')).helpText) as Pages }
const written = ({ lines }: Pages, page: readonly number[]): string => page.map(line => lines[line]).join('\n')

/** What `kubectl … --help` prints; `command` is the whole name, `kubectl rollout undo`. Source: kubectl 1.35 itself (data/help.json). */
export async function helpPage(command: string): Promise<string> {
  const all = await pages()
  return written(all, all.pages[command.replace(/^kubectl ?/, '')])
}
/** What `kubectl options` prints; the home folder as kubectl's own reference writes it. Source: kubectl pkg/cmd/options. */
export async function optionsPage(): Promise<string> { const all = await pages(); return written(all, all.options) }

/** `kubectl help rollout undo`: words behind the last that names a command are passed over. Source: github.com/spf13/cobra, command.go (InitDefaultHelpCmd). */
export const helpOf = (verbs: () => Readonly<Record<string, Verb>>): Verb => ({
  discovers: false, flags: {},
  async run(session, flags) {
    const [first, ...rest] = flags.args, root = await helpPage('kubectl')
    if (first === undefined) { session.stdout += root; return }
    if (!Object.hasOwn(verbs(), first)) {
      session.stderr += `Unknown help topic [${flags.args.map(word => `\`${word}\``).join(' ')}]\n${root.slice(root.indexOf('\n\nBasic Commands'))}`
      return
    }
    let verb = verbs()[first], command = verb.name ?? first
    for (const word of rest) {
      if (!verb.under || !Object.hasOwn(verb.under, word)) break
      verb = verb.under[word]
      command += ` ${verb.name ?? word}`
    }
    session.stdout += await helpPage(command)
  },
})
