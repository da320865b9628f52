/** Damerau-Levenshtein distance (optimal string alignment): edits and swaps of neighbours that lead from `a` to `b`. */
export function distance(a: string, b: string): number {
  let twoAgo: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, twoAgo[j - 2] + 1)
      current.push(best)
    }
    twoAgo = previous
    previous = current
  }
  return previous[b.length]
}

/** Known words near `word`, nearest first (then of like length, then as listed); at most a third of the letters may differ. */
export function suggest(word: string, known: Iterable<string>, limit = 3): string[] {
  const lower = word.toLowerCase()
  const lengthOff = (candidate: string): number => Math.abs(candidate.length - lower.length)
  const near: { known: string; far: number }[] = []
  for (const candidate of new Set(known)) {
    const longest = Math.max(lower.length, candidate.length)
    const allowed = longest < 3 ? 0 : Math.max(1, Math.floor(longest / 3))
    if (candidate === word || Math.abs(candidate.length - lower.length) > allowed) continue
    const far = distance(lower, candidate.toLowerCase())
    if (far <= allowed) near.push({ known: candidate, far })
  }
  return near
    .sort((a, b) => a.far - b.far || lengthOff(a.known) - lengthOff(b.known))
    .slice(0, limit)
    .map(n => n.known)
}
