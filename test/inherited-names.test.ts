import { describe, expect, test } from 'vitest'
import { fieldMatcher, parseFieldSelector, parseLabelSelector } from '../src/runtime-model/api/selectors.ts'
import { kscenario } from './support/cli.ts'

/** What every JavaScript object has, though nobody has put it there. */
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']

describe('names that every object inherits are names like any other', () => {
  test.each(inherited)('%s is on no label, and no field to select by', name => {
    const matches = (selector: string): boolean => { const m = parseLabelSelector(selector); return m.error === undefined && m.matches({ app: 'web' }) }
    expect(matches(name)).toBe(false)
    expect(matches(`${name} in (a,b)`)).toBe(false)
    const terms = parseFieldSelector(`${name}=a`)
    expect(terms.error === undefined && fieldMatcher(terms.terms, { 'status.phase': () => '' }, true).error).toBe(`field label not supported: ${name}`)
  })
  test.each(inherited)('a scenario that says %s anywhere is told what is wrong', name => {
    const steps = [
      name, `pod ${name} is Ready`, `pod web ${name} Ready`, `${name} web is Ready`, `node worker-1 has label ${name}`, `node worker-1 has annotation ${name}`,
      `I run "${name} get pods"`, `I run "kubectl ${name}"`, `I run "etcdctl ${name}"`, `I run "etcdutl ${name} list"`, `I run "kubectl get --raw /${name}"`,
      `I run "kubectl get ${name}"`, `I run "kubectl get pods -o ${name}"`, `I run "kubectl config ${name}"`,
    ]
    const text = ['Feature: names', ...steps.flatMap((s, i) => [`  Scenario: ${i}`, '    Given a cluster with 1 node', `    * ${s}`, '    * the last command succeeds'])]
    const told = kscenario(['run', 'names.feature', '--no-reports', '--parallel', '2'], { 'names.feature': text.join('\n') }).text
    expect(told).not.toContain('not yours')
    expect(told).toMatch(new RegExp(`· ${steps.length} scenarios`))
    expect(told).toContain(`, 0 passed`)
  })
})
