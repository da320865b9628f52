import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FlagSpec, FlagTable } from '../src/clients/kubectl/flags.ts'
import { helpPage } from '../src/clients/kubectl/help.ts'
import { everyVerb } from '../src/clients/kubectl/global-flags.ts'
import type { Verb } from '../src/clients/kubectl/verb.ts'
import { verbs } from '../src/clients/kubectl/verbs/index.ts'
import { terminal } from './support/transcript.ts'

/**
 * Every flag that the help of a real kubectl 1.35.4 names, command by command: `-o, --output=''`; under '' those of every command. That a flag is in the
 * table of its verb means that it is honoured or refused by name: what a verb does not look at ends a command that was given it (kubectl/index.ts).
 */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'kubectl-flags.json'), 'utf8')) as Record<string, readonly string[]>
/** what kubectl takes without telling it in its help */
const hidden: Readonly<Record<string, readonly string[]>> = {
  autoscale: ['cpu-percent'],
  ...Object.fromEntries(['annotate', 'apply', 'edit', 'label', 'patch', 'scale', 'set image', 'set resources', 'set selector', 'set serviceaccount']
    .map(verb => [verb, ['record']])),
}
const verbOf = (path: string): Verb | undefined =>
  path.split(' ').reduce<Verb | undefined>((verb, word) => verb?.under?.[word], { flags: {}, under: verbs, run: async () => {} })
const shown = (name: string, { kind, short, initial }: FlagSpec): string => {
  const value = initial ?? (kind === 'bool' ? 'false' : kind === 'int' ? '0' : kind === 'duration' ? '0s' : '')
  const written = kind === 'list' || kind === 'array' ? `[${value}]` : kind === 'string' ? `'${value}'` : value
  return `${short ? `-${short}, ` : ''}--${name}=${written}`
}
/** the flags of help that are written without quotes although they are texts */
const plainly = (line: string): string => line.replace(/=(?:'(\d*|true|false)'|\[(.*)\])$/, (_, text, members) => `=${text ?? members}`)
const told = (table: FlagTable, but: readonly string[] = []): readonly string[] =>
  Object.entries(table).filter(([name]) => !but.includes(name)).map(([name, spec]) => plainly(shown(name, spec))).sort()
const globals = new Set(recorded[''].map(plainly))

describe('each command takes the flags that kubectl takes, with the same short names and the same values to begin with', () => {
  test.each(Object.keys(recorded).filter(path => path !== '').map(path => [path]))('%s', path => {
    const verb = verbOf(path)
    expect(verb, `kubectl ${path} is not known`).toBeDefined()
    const own = told(verb!.flags, hidden[path])
    expect(own).toEqual(recorded[path].map(plainly).filter(line => own.includes(line) || !globals.has(line)).sort())
  })
  test('and those of every command', () => expect(told(everyVerb)).toEqual([...globals].sort()))
  test('each has a page of its own in the help', async () => {
    for (const path of Object.keys(recorded).filter(path => path !== '' && path !== 'options')) {
      expect(await helpPage(`kubectl ${path}`), path).toMatch(new RegExp(`^[A-Z\\S][^]*kubectl ${path}\\b`))
    }
  })
  test('what is hidden is taken all the same', () => {
    for (const [path, names] of Object.entries(hidden)) expect(Object.keys(verbOf(path)!.flags)).toEqual(expect.arrayContaining([...names]))
  })
})

describe('no flag is passed over in silence', () => {
  test.each([
    ['kubectl get pods --server=https://example.com', 'NotModelled: kubectl get --server'],
    ['kubectl get pods --v=6', 'NotModelled: kubectl --v=6: what kubectl logs of itself'],
    ['kubectl edit node worker-1 --record', 'NotModelled: kubectl edit --record'],
    ['kubectl get nodes --cluster=other', 'error: no server found for cluster "other"'],
    ['kubectl get nodes --user=other', 'error: auth info "other" does not exist'],
    ['kubectl get nodes --as-group=other', 'error: requesting uid, groups or user-extra for kubernetes-admin without impersonating a user'],
    ['kubectl get nodes --request-timeout=soon', 'error: Invalid timeout value.'],
    ['kubectl get endpoints --warnings-as-errors', 'error: 1 warning received'],
  ])('%s', async (line, why) => expect(await terminal().type(`$ ${line}`)).toContain(`! ${why}`))
  test('what a verb did not look at ends the command', async () => {
    const flags = verbs['get'].flags as Record<string, FlagSpec>
    flags['passed-over'] = { kind: 'string' }
    try {
      expect(await terminal().type('$ kubectl get nodes --passed-over=x')).toContain('! NotModelled: kubectl get --passed-over in this place')
    } finally { delete flags['passed-over'] }
  })
  test.each([
    'kubectl label pods -l app=none app=x --overwrite', 'kubectl annotate pods --all a=b --overwrite', 'kubectl taint nodes -l a=none k=v:NoSchedule --overwrite',
    'kubectl set env deployments -l app=none A=b --overwrite',
  ])('but nothing is to be looked at where nothing was found: %s', async line => expect((await terminal().type(`$ ${line}`)).trim()).toBe(`$ ${line}`))
})
