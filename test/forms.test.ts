import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createReader } from '../src/cli/language.ts'
import { summary } from './support/step-summary.ts'

/**
 * The forms that every version of the language reads, word for word, and what each means. `UPDATE=1 npx vitest run test/forms.test.ts` writes the
 * meanings anew: a form may be added, and none may change its meaning.
 */
const path = join(import.meta.dirname, 'transcripts/forms.txt')
const forms = readFileSync(path, 'utf8').trimEnd().split('\n').map(line => line.split(' ⇒ '))
const belowIt = [{}, { docString: { content: 'a: 1', line: 2 } }, { table: [['name'], ['x']] }]

describe('the forms of the language', async () => {
  const { parser } = await createReader()
  const meaningOf = (form: string): string | undefined => {
    const found = belowIt.map(argument => parser.parse(form, argument)).find(parsed => parsed.value)
    return found?.value && summary(found.value)
  }
  if (process.env.UPDATE) writeFileSync(path, `${forms.map(([form]) => `${form} ⇒ ${meaningOf(form)}`).join('\n')}\n`)
  it.each(forms)('%s', (form, meaning) => expect(meaningOf(form)).toBe(meaning))
  // what stands beside a form in a sentence does not change what it means
  it('with a capital at the beginning, and an article, they mean the same', () => {
    const nouns = /^(pods?|node|deployment|service|kube-[a-z-]+|namespace|job|container) /
    let read = 0
    const different = forms.filter(([form, meaning]) => {
      const capital = form[0].toUpperCase() + form.slice(1), article = nouns.test(form) ? `the ${form}` : form
      const meanings = [capital, article].flatMap(other => meaningOf(other) ?? [])
      read += meanings.length
      return meanings.some(other => other.toLowerCase() !== meaning.toLowerCase())
    })
    expect(different.map(([form]) => `${form}: ${meaningOf(form[0].toUpperCase() + form.slice(1))} | ${meaningOf(`the ${form}`)}`)).toEqual([])
    expect(read).toBeGreaterThan(forms.length)
  })
})
