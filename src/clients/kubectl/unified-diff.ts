/** What `diff -u` prints of two texts, without its two lines of file names. Empty: they are equal. Source: GNU diffutils manual, Unified Format. */
export function unifiedDiff(before: string, after: string, context = 3): string {
  const edits = editsOf(before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)), out: string[] = []
  const changes = edits.flatMap((e, i) => e.sign === ' ' ? [] : [i])
  for (let at = 0; at < changes.length;) {
    let last = at
    while (last + 1 < changes.length && changes[last + 1] - changes[last] <= 2 * context + 1) last++
    const from = Math.max(0, changes[at] - context), to = Math.min(edits.length, changes[last] + context + 1), hunk = edits.slice(from, to)
    const count = (sign: '-' | '+', list: readonly Edit[]): number => list.filter(e => e.sign !== (sign === '-' ? '+' : '-')).length
    const range = (sign: '-' | '+'): string => {
      const start = count(sign, edits.slice(0, from)), n = count(sign, hunk)
      return n === 1 ? `${start + 1}` : `${n === 0 ? start : start + 1},${n}`
    }
    out.push(`@@ -${range('-')} +${range('+')} @@`, ...hunk.map(e => e.sign + e.line))
    at = last + 1
  }
  return out.map(l => `${l}\n`).join('')
}

interface Edit { readonly sign: ' ' | '-' | '+'; readonly line: string }
/** The longest common subsequence, deletions before additions. */
function editsOf(a: readonly string[], b: readonly string[]): Edit[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1])
  }
  const edits: Edit[] = []
  let i = 0, j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { edits.push({ sign: ' ', line: a[i] }); i++; j++ }
    else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) edits.push({ sign: '-', line: a[i++] })
    else edits.push({ sign: '+', line: b[j++] })
  }
  return edits
}
