/** What Go's YAML parser has against a text, as it says it. Source: goyaml.v2 (yaml.go, fail): its scanner counts lines from 1, its parser from 0. */
export class YamlMistake extends Error {
  /** `line`: where the problem is, `from`: where what it is a part of begins; both from 0 */
  constructor(problem: string, line: number, from: number, by: 'scanner' | 'parser') {
    const told = line !== 0 ? line + (by === 'scanner' ? 1 : 0) : from
    super(told === 0 ? problem : `line ${told}: ${problem}`)
  }
}
