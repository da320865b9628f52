import { dialects } from '@cucumber/gherkin'

/** A stream of whole numbers below a bound, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const languages = Object.keys(dialects)
const words = [
  'a', 'pod', '<a>', '<b c>', 'catalog', '😀', '𝒜b', 'é', 'ß', '日本', '\u00a0', '#x', '@y', '|', '\\', '\\n', '"""', '$&', '$1', ':', 'Given', 'Examples:',
  '\u2003', '\u0085', 'x\ty', '*', '<', '>',
]
const cells = ['', 'a', 'b c', '<a>', '😀', 'x\\|y', 'x\\\\', '\\n', '\\x', ' a ', '\t', 'é𝒜', '"""', '$&', '# c', '\u00a0n\u00a0']
const tags = ['@a', '@b', '@a@b', '@é😀', '@a #c', '@a  @b', '@x#y', '@a b', '@', '@ a', '@checklist:x-1']
const blanks = ['', '  ', '    ', '\t', ' \t', '\u3000', '\u00a0']
const oddLines = [
  'free text', '# a comment', '  # language: fr', '# language: nope', '#language:en', 'Scenario : no', 'scenario: s', 'Givenfoo', 'Feature: again', 'Feature:',
  'Background:',
  'Rule: r', 'Rule:', '| a | b', '|', '||', '| a \\', '"""', '```', '""""', '"""json', '``` yaml ', '\\"\\"\\"', '\\`\\`\\`', '@', '@a b', '@x', '*', '* ',
  '😀', 'Examples', 'Example:', '\r', '\ufeff', '\u2028', ' ',
]

/** Documents that are whole, mutilated or soup, in every language, with every line end: endless, and the same for the same seed. */
export function documentsFrom(seed: number): () => string {
  const below = randomNumbers(seed)
  const one = <T>(of: readonly T[]): T => of[below(of.length)]
  const chance = (percent: number): boolean => below(100) < percent
  const times = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make)
  const text = (): string => times(4, () => one(words)).join(' ')

  /** Lines of a document that is mostly right, in one language. */
  function document(): string[] {
    const language = chance(40) ? 'en' : one(languages), d = dialects[language]
    const lines: string[] = []
    const put = (line: string): void => {
      lines.push((chance(70) ? one(blanks) : '') + line)
      if (chance(8)) lines.push(one(blanks))
      if (chance(6)) lines.push(`${one(blanks)}# ${text()}`)
    }
    const title = (keywords: readonly string[]): void => {
      if (chance(30)) put(one(tags))
      if (chance(10)) put(one(tags))
      put(`${one(keywords)}:${chance(80) ? ` ${text()}` : ''}`)
      if (chance(15)) lines.push(...times(3, () => one([...oddLines, text()])))
    }
    const table = (): void => {
      const width = 1 + below(3), depth = chance(1) ? 60 : below(4)
      for (let i = 0; i <= depth; i++) put(`|${Array.from({ length: chance(2) ? width + 1 : width }, () => one(cells)).join('|')}|${chance(5) ? ' tail' : ''}`)
    }
    const docString = (): void => {
      const mark = one(['"""', '```'])
      put(mark + one(['', 'yaml', ' <a> ', ' text/x']))
      for (let i = chance(1) ? 80 : below(4); i > 0; i--) lines.push(one(blanks) + one([text(), ...oddLines]))
      if (!chance(2)) put(mark)
    }
    const steps = (): void => {
      for (let i = below(4); i > 0; i--) {
        put(one([...d.given, ...d.when, ...d.then, ...d.and, ...d.but]) + text())
        if (chance(15)) table()
        if (chance(10)) docString()
        if (chance(3)) table()
      }
    }
    const examples = (): void => { title(d.examples); if (chance(85)) table() }
    const scenarios = (): void => {
      for (let i = below(3); i > 0; i--) {
        title(chance(50) ? d.scenario : d.scenarioOutline)
        steps()
        for (let j = chance(30) ? below(3) : 0; j > 0; j--) examples()
      }
    }
    const background = (): void => { if (chance(30)) { put(`${one(d.background)}: ${text()}`); steps() } }
    if (language !== 'en' || chance(20)) put(`#${one(['', ' '])}language:${one(['', ' '])}${language}`)
    title(d.feature); background(); scenarios()
    for (let i = chance(25) ? below(3) : 0; i > 0; i--) { title(d.rule); background(); scenarios() }
    return lines
  }
  function mutilate(lines: string[]): string[] {
    for (let i = 1 + below(3); i > 0 && lines.length > 0; i--) {
      const at = below(lines.length)
      switch (below(6)) {
        case 0: lines.splice(at, 1); break
        case 1: lines.splice(at, 0, one(oddLines)); break
        case 2: lines.splice(at, 0, lines[below(lines.length)]); break
        case 3: [lines[at], lines[0]] = [lines[0], lines[at]]; break
        case 4: lines[at] = lines[at].slice(0, below(lines[at].length + 1)); break
        default: {
          const cut = below(lines[at].length + 1)
          lines[at] = lines[at].slice(0, cut) + one([...words, ...blanks, ...oddLines]) + lines[at].slice(cut + below(2))
        }
      }
    }
    return lines
  }
  const soup = (): string[] => times(20, () => chance(30) ? one(oddLines) : one([...document(), '']))
  return () => {
    const kind = below(100)
    const lines = kind < 40 ? document() : kind < 92 ? mutilate(document()) : soup()
    const end = chance(75) ? '\n' : chance(70) ? '\r\n' : undefined
    const whole = end === undefined ? lines.map(line => line + one(['\n', '\r\n', '\n\n', '\r'])).join('') : lines.join(end) + (chance(60) ? end : '')
    return (chance(4) ? '\ufeff' : '') + whole
  }
}
