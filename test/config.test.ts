import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chosen, loadConfig } from '../src/config/load.ts'
import type { LoadedConfig } from '../src/config/load.ts'
import type { ConfigHost } from '../src/config/modules.ts'
import { createParser } from '../src/cli/parser.ts'
import { builtin } from '../src/builtin.ts'
import { parameterType, step } from '../src/own-steps/own-step.ts'
import { kscenario } from './support/cli.ts'

/** Modules are objects, or functions that make them as a module does when it is loaded. */
type Modules = Readonly<Record<string, unknown>>
const host = (modules: Modules): ConfigHost => ({
  exists: path => path.replace(/^\.\//, '') in modules,
  read: path => String(modules[path]),
  list: path => {
    const inside = Object.keys(modules).filter(m => m.startsWith(`${path.replace(/^\.\//, '')}/`))
    return inside.length ? inside.map(m => m.split('/').at(-1)!) : undefined
  },
  import: async path => {
    const module = modules[path.replace(/^\.\//, '')]
    if (module === undefined) throw new Error(`no such file or package: ${path}`)
    return typeof module === 'function' ? module() : module
  },
})
const load = (config: unknown, more: Modules = {}): Promise<LoadedConfig | string> => loadConfig(host({ 'kscenario.config.js': { default: config }, ...more }))
const loaded = async (config: unknown, more: Modules = {}): Promise<LoadedConfig> => {
  const found = await load(config, more)
  if (typeof found === 'string') throw new Error(found)
  return found
}

describe('a config that is wrong is told', () => {
  test.each([
    [{ path: ['x'] }, 'nothing is called `path`'],
    [{ plugins: [] }, 'nothing is called `plugins`; there are admissionPlugins and schedulerPlugins'],
    [{ world: { workers: 'three' } }, 'world.workers must be integer'],
    [{ deadline: 'soon' }, 'deadline must be a duration such as 30s or 1m30s'],
    [{ presets: { ci: { world: { workres: 1 } } } }, 'presets.ci.world: nothing is called `workres`'],
    [{ steps: [''] }, 'steps.0 must not be empty'],
    [{ steps: ['steps.mjs'] }, 'no such file or folder: steps.mjs'],
    [{ steps: [{}] }, 'steps: an entry is not what step makes'],
    [{ controllers: [{ name: 'x' }] }, 'controllers: an entry is not what defineController makes'],
    [
      { controllers: [{ name: 'replicaset', watches: [], reconcile: () => ({ effects: [] }) }] },
      'the controller `replicaset` is built in; give yours another name',
    ],
    [{ faults: [{ id: 'node-down', inject: () => 1 }] }, 'the fault `node-down` is built in; give yours another name'],
    [{ reporters: [{ name: 'junit', open: () => () => {} }] }, 'the reporter `junit` is built in; give yours another name'],
    [{ schedulerPlugins: [{ name: 'NodeName', preFilter: () => 'skip' }] }, 'the scheduler plugin `NodeName` is built in; give yours another name'],
    [
      { steps: [{ id: 'a', kind: 'action', phrases: [builtin.steps![0].phrases[0]], doc: '', examples: [], run: () => {} }] },
      `the phrase \`${builtin.steps![0].phrases[0]}\` is built in; give yours another name`,
    ],
    [{ parameterTypes: [{ name: 'shelf', regexp: /a/ }, { name: 'shelf', regexp: /b/ }] }, 'two parameter types are called `shelf`'],
  ])('%j', async (config, message) => { expect(await load(config)).toBe(`kscenario.config.js: ${message}`) })
  test('when a module exports nothing of the kind', async () => {
    expect(await load({ reporters: ['r.mjs'] }, { 'r.mjs': { helper: 1 } })).toBe(
      'kscenario.config.js: ./r.mjs exports nothing for `reporters` (what defineReporter makes)'
    )
  })
  test('when there are two of them', async () => {
    expect(await loadConfig(host({ 'kscenario.config.ts': {}, 'kscenario.config.json': '{}' }))).toBe(
      'there are kscenario.config.ts and kscenario.config.json: keep one of them'
    )
  })
  test('and its JSON is read as JSON', async () => {
    expect(await loadConfig(host({ 'kscenario.config.json': '{ "world": { "workers": 2 } }' }))).toMatchObject({ settings: { world: { workers: 2 } } })
    expect(await loadConfig(host({ 'kscenario.config.json': '{' }))).toMatch(/^kscenario\.config\.json: .*JSON/)
  })
})

describe('settings', () => {
  const config = {
    deadline: '30s', tags: 'not @slow', world: { workers: 3, namespace: 'bookstore' },
    presets: { ha: { world: { controlPlaneNodes: 3 } }, long: { doc: 'the slow ones', deadline: '5m', tags: '@slow' } },
  }
  test('of presets go before those of the config, the last named first; worlds are put together', async () => {
    expect(chosen(await loaded(config), ['ha', 'long'])).toEqual({
      deadline: '5m', tags: '@slow', world: { workers: 3, namespace: 'bookstore', controlPlaneNodes: 3 },
    })
  })
  test('of a preset that is not there are a mistake', async () => {
    expect(chosen(await loaded(config), ['hi'])).toBe('--preset hi: kscenario.config.js has the presets ha, long')
    expect(chosen(await loadConfig(host({})) as LoadedConfig, ['hi'])).toBe('--preset hi: there is no kscenario.config file here')
  })
  test('are all in the schema that editors read, and every list of additions too', () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../src/config/config.schema.json'), 'utf8'))
    const presets = Object.keys(schema.definitions.settings.properties).filter(k => k !== 'doc')
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(presets))
  })
})

describe('steps of one\'s own', () => {
  const parserOf = async (config: unknown, more: Modules = {}) => (await createParser([builtin, ...(await loaded(config, more)).extensions])).parser
  test('come from files and folders, exported or merely declared, each once', async () => {
    const shelf = () => {
      parameterType({ name: 'shelf', regexp: /fiction|travel/ })
      step('the {shelf} shelf is full', () => {})
      return { exported: step('{int} books arrive', () => {}) }
    }
    const { extensions: [own] } = await loaded({ steps: ['steps', './more.mjs'] }, {
      'steps/a.mjs': shelf, 'steps/notes.md': '', 'more.mjs': () => ({ all: [step('{int} books leave', () => {})] }),
    })
    expect(own.ownSteps?.map(s => s.expression)).toEqual(['{int} books arrive', 'the {shelf} shelf is full', '{int} books leave'])
    expect(own.parameterTypes?.map(t => t.name)).toEqual(['shelf'])
    expect(own.ownSteps?.[0].at).toMatch(/config\.test\.ts:\d+:\d+$/)
  })
  test.each([
    ['{subject} is served', 'pod catalog is served', true], ['{subject} is served', 'deployments.apps web in namespace shop is served', true],
    ['{subject} is served', 'pizza web is served', false],
    ['it lasts {duration}', 'it lasts 1m30s', true], ['it lasts {duration}', 'it lasts 45 minutes', true], ['it lasts {duration}', 'it lasts 45 zorks', false],
    ['there are {count} of {kind}', 'there are at least 2 of deploy', true], ['there are {count} of {kind}', 'there are few of deploy', false],
    ['{component} sleeps', 'the kubelet on worker-1 sleeps', true], ['{component} sleeps', 'the router sleeps', false],
    ['{name} holds {quantity}', 'web holds 4Gi', true], ['{jsonpath} of it', '.spec.replicas of it', true],
    ['field(s) {selector}', 'fields app=web,tier!=x', true], ['{int} {word} {string} {float}', '3 x "y" 1.5', true],
  ])('`%s` reads "%s": %s', async (expression, text, reads) => {
    expect((await parserOf({ steps: [step(expression, () => {})] })).parse(text).value !== undefined).toBe(reads)
  })
  test('never take a sentence from the language; a warning says so', async () => {
    const { value, diagnostics } = (await parserOf({ steps: [step('I cordon node {word}', () => {})] })).parse('I cordon node worker-1')
    expect([value?.type === 'action' && value.phrase.definition, diagnostics.map(d => [d.code, d.severity])]).toEqual([
      'cordon', [['own-step-hidden', 'warning']],
    ])
  })
  test('that read the same sentence are ambiguous, and both are named', async () => {
    const { diagnostics } = (await parserOf({ steps: [step('the {word} is red', () => {}), step(/^the (.*) is red$/, () => {})] })).parse('the apple is red')
    expect(diagnostics[0]).toMatchObject({
      code: 'step-ambiguous', notes: [expect.stringContaining('the {word} is red'), expect.stringContaining('/^the (.*) is red$/')],
    })
  })
  test('that cannot be compiled are told with their place', async () => {
    await expect(parserOf({ steps: [step('a {zork}', () => {})] })).rejects.toThrow(
      /^step `a \{zork\}` \(.*config\.test\.ts:\d+:\d+\): .*Undefined parameter type 'zork'/i
    )
  })
  test('phrases of the language\'s own form are read beside it, and predicates go with every modality', async () => {
    const parser = await parserOf({
      steps: [{ id: 'dance', kind: 'action', phrases: ['I dance with {node}'], doc: '', examples: [], run: () => {} }],
      predicates: [{ id: 'shiny', phrases: ['shiny'], doc: '', subjects: ['object'], examples: [], test: () => true }],
    })
    expect(['I dance with worker-1', 'pod web eventually shiny within 5s', 'running pods unaffected while control plane down'].map(text =>
      parser.parse(text).value?.type)).toEqual(['action', 'assertion', 'assertion'])
  })
})

describe('on the command line', () => {
  const feature = 'Feature: F\n  Scenario: S\n    Given 2 pods of mine\n    Then all of mine are Running within 10s\n'
  const config = `import { defineConfig, Given, Then } from 'KSCENARIO'
const { step } = await import('KSCENARIO')
export default defineConfig({ steps: [
  Given('{int} pods of mine', async (cluster, count) => { for (let i = 0; i < count; i++) await cluster.run(\`kubectl run mine-\${i} --image=web:1 --labels=app=mine\`) }),
  Then('all of mine are {status} within {duration}', async (cluster, status, within) => {
    if (!await cluster.until(() => cluster.storedList('Pod').every(p => p.status.phase === status), within)) cluster.fail('they are not')
  }),
] })
`.replaceAll('KSCENARIO', join(import.meta.dirname, '../dist/index.js'))
  test('own steps run, and stand in the list of steps', () => {
    expect(kscenario(['run', '--no-reports'], { 'a.feature': feature, 'kscenario.config.mjs': config }).stdout).toContain('1 passed')
    expect(kscenario(['steps', 'mine'], { 'kscenario.config.mjs': config }).stdout).toMatch(/STEPS OF YOUR OWN[\s\S]*\{int\} pods of mine/)
  })
  test('an own predicate may look at more than its subject: it is asked again whenever something happens', () => {
    const own = `export default { predicates: [{
      id: 'joined', phrases: ['joined'], doc: 'Pod b runs beside it.', subjects: ['object'], examples: ['pod a joined'],
      test: (subject, args, { driver }) => driver.stored('pods', 'default', 'b')?.status?.phase === 'Running' ? true : { no: 'alone' },
    }] }`
    const feature = `Feature: F
      Scenario: S
        When I run "kubectl run a --image=web:1"
        And pod a eventually Running
        And I run "kubectl run b --image=web:1"
        Then pod a never joined for 1m`
    expect(kscenario(['run', '--no-reports'], { 'a.feature': feature, 'kscenario.config.mjs': own }).stdout).toContain('violated')
    expect(kscenario(['run', '--no-reports'], { 'a.feature': feature.replace(/run b/, 'run c'), 'kscenario.config.mjs': own }).stdout).toContain('1 passed')
  })
  test('an error of a step is its failure, with its place; one of the config ends the run', () => {
    expect(
      kscenario(['run', '--no-reports'], {
        'a.feature': feature, 'kscenario.config.mjs': config.replace("cluster.fail('they are not')", '0').replace('p.status.phase', 'p.sttus.phase'),
      }).stdout
    ).toMatch(/Cannot read properties of undefined \(reading 'phase'\)[\s\S]*note\s+at .*kscenario\.config\.mjs/)
    expect(kscenario(['run'], { 'kscenario.config.mjs': 'export default { path: 1 }' }).text).toBe(
      '\nstderr: error: kscenario.config.mjs: nothing is called `path`\nexit 2\n'
    )
  })
  test('TypeScript without esbuild or a newer Node.js is a clear error', () => {
    const { stderr, code } = kscenario(['run'], { 'kscenario.config.ts': 'export default {}' })
    if ((process.features as { typescript?: unknown }).typescript) expect(code).toBe(2)
    else expect([stderr, code]).toEqual([
      expect.stringMatching(/^error: kscenario\.config\.ts: is TypeScript, which Node\.js 20\.\S+ does not read: add esbuild to the project/), 2,
    ])
  })
})

test('a config that is an ES module in a package of CommonJS says what to do', () => {
  const { stderr, stdout, code } = kscenario(['run', '--no-reports'], {
    'package.json': '{ "type": "commonjs" }', 'kscenario.config.js': 'export default {}\n', 'scenarios/a.feature': 'Feature: a\n',
  })
  expect(stderr + stdout).toContain('kscenario.config.js: is an ES module in a package of CommonJS: write `"type": "module"` into package.json')
  expect(code).toBe(2)
})
