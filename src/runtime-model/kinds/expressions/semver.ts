/** Semantic versions. Source: k8s.io/apiserver pkg/cel/library/semverlib.go, github.com/blang/semver; https://semver.org/#spec-item-11 */
const pattern = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/
export class SemverValue {
  readonly numbers: readonly bigint[]
  readonly before: readonly string[]
  constructor(text: string) {
    const found = pattern.exec(text)
    if (!found) throw new Error(reason(text))
    this.numbers = found.slice(1, 4).map(BigInt)
    this.before = found[4]?.split('.') ?? []
  }
}
function reason(text: string): string {
  const parts = text.split('.')
  if (parts.length < 3) return 'No Major.Minor.Patch elements found'
  const at = parts.slice(0, 3).findIndex((p, i) => !/^\d+$/.test(i < 2 ? p : p.replace(/[-+].*$/, '')))
  return at < 0 ? `Invalid version ${JSON.stringify(text)}`
    : `Invalid character(s) found in ${['major', 'minor', 'patch'][at]} number ${JSON.stringify(parts[at])}`
}
function compare(a: SemverValue, b: SemverValue): bigint {
  for (const i of [0, 1, 2]) if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] < b.numbers[i] ? -1n : 1n
  if (a.before.length === 0 || b.before.length === 0) return a.before.length === b.before.length ? 0n : a.before.length > 0 ? -1n : 1n
  for (let i = 0; i < Math.max(a.before.length, b.before.length); i++) {
    const x = a.before[i], y = b.before[i], numeric = (s: string): boolean => /^\d+$/.test(s)
    if (x === undefined || y === undefined) return x === undefined ? -1n : 1n
    if (x === y) continue
    if (numeric(x) !== numeric(y)) return numeric(x) ? -1n : 1n
    return (numeric(x) ? BigInt(x) < BigInt(y) : x < y) ? -1n : 1n
  }
  return 0n
}
const of = 'kubernetes.Semver'
export const semverFunctions: Readonly<Record<string, (...args: any[]) => unknown>> = {
  [`semver(string): ${of}`]: (text: string) => new SemverValue(text), 'isSemver(string): bool': (text: string) => pattern.test(text),
  [`${of}.major(): int`]: (v: SemverValue) => v.numbers[0], [`${of}.minor(): int`]: (v: SemverValue) => v.numbers[1],
  [`${of}.patch(): int`]: (v: SemverValue) => v.numbers[2], [`${of}.compareTo(${of}): int`]: compare,
  [`${of}.isLessThan(${of}): bool`]: (a: SemverValue, b: SemverValue) => compare(a, b) < 0n,
  [`${of}.isGreaterThan(${of}): bool`]: (a: SemverValue, b: SemverValue) => compare(a, b) > 0n,
}
