import { splitCommand } from '../../../base/command-words.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import type { Session } from '../session.ts'
import { sed } from './sed.ts'

/** Changes a file; gives what it then holds. */
export type Editor = (text: string) => string

/** What `KUBE_EDITOR`, then `EDITOR` name before the command; nobody sits at a terminal. Source: kubectl pkg/cmd/util/editor/editor.go (NewDefaultEditor). */
export function editorOf(session: Session): Editor {
  const { KUBE_EDITOR = '', EDITOR = '' } = session.environment.variables ?? {}, named = KUBE_EDITOR || EDITOR
  if (named === '') {
    throw new NotModelled('an editor at a terminal: say in front of the command what edits, as in `KUBE_EDITOR="sed -i s/old/new/" kubectl edit …`')
  }
  const split = splitCommand(named)
  if ('error' in split) throw new NotModelled(`the editor \`${named}\`: ${split.error}`)
  const [program, ...words] = split.words
  if (program === 'true' || program === ':') return text => text
  if (program === 'false') return () => { throw failure(`there was a problem with the editor ${JSON.stringify(named)}`) }
  if (program === 'cat' && words.length === 0) return text => { session.stdout += text; return text }
  if (program === 'sed') return sedOf(session, words, named)
  throw new NotModelled(`the editor \`${named}\`; known are sed -i SCRIPT, cat, true and false`)
}

function sedOf(session: Session, words: readonly string[], named: string): Editor {
  const scripts: string[] = [], plain: string[] = []
  let inPlace = false, extended = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === '-e' || word === '--expression') scripts.push(words[++i] ?? '')
    else if (/^-(i.*|-in-place.*)$/.test(word)) inPlace = true
    else if (/^-([Er]|-regexp-extended)$/.test(word)) extended = true
    else if (/^-[Er]i$|^-i[Er]$/.test(word)) { inPlace = true; extended = true }
    else if (word.startsWith('-')) throw new NotModelled(`the editor \`${named}\`: sed ${word}`)
    else plain.push(word)
  }
  if (scripts.length === 0) scripts.push(...plain.splice(0, 1))
  if (!inPlace || plain.length > 0 || scripts.length === 0) throw new NotModelled(`the editor \`${named}\`: only sed -i SCRIPT changes the file`)
  return text => {
    const done = sed(scripts, extended, text)
    session.stdout += done.said
    return done.text
  }
}
