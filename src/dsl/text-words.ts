/** A word of a step's text; quoted text counts as one word, a comma at the end of a word as another. Offsets are 0-based in the text. */
export interface TextWord {
  readonly text: string
  readonly lower: string
  readonly start: number
  readonly end: number
}

const wordPattern = /(?:"(?:\\["\\]|[^"])*"|(?!,(?:\s|$))[^\s"]|")+|,/g

export function wordsOf(text: string): TextWord[] {
  const words: TextWord[] = []
  wordPattern.lastIndex = 0
  for (let found = wordPattern.exec(text); found; found = wordPattern.exec(text)) {
    words.push({ text: found[0], lower: found[0].toLowerCase(), start: found.index, end: found.index + found[0].length })
  }
  return words
}

/** `"…"` with `\"` and `\\` → its content; undefined for anything else. */
export function unquote(word: string): string | undefined {
  if (word.length < 2 || word[0] !== '"' || word[word.length - 1] !== '"') return undefined
  const inner = word.slice(1, -1)
  if (!/^(?:\\["\\]|[^"])*$/.test(inner)) return undefined
  return inner.includes('\\') ? inner.replace(/\\(["\\])/g, '$1') : inner
}

/** The verb without person: `has`, `have`, `with` → `has`; `prints`, `print` → `print`; `reaches` → `reach`. */
export function lemma(lower: string): string {
  if (lower === 'have' || lower === 'had' || lower === 'with' || lower === 'having') return 'has'
  if (lower === 'lost') return 'lose'
  if (lower === 'has' || lower.length < 4 || !lower.endsWith('s') || lower.endsWith('ss')) return lower
  if (lower.endsWith('ies')) return `${lower.slice(0, -3)}y`
  return /(?:ch|sh|ss|x|o)es$/.test(lower) ? lower.slice(0, -2) : lower.slice(0, -1)
}
