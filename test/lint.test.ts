import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { codes } from '../src/base/codes.ts'
import { createLinter } from '../src/cli/linter.ts'
import { manifestProblems } from '../src/lint/manifest-problems.ts'
import { kscenario } from './support/cli.ts'
import { withChanges } from './support/with-changes.ts'
import recorded from './kinds-mistakes.json' with { type: 'json' }
import { memoryHost } from './support/memory-host.ts'

const feature = (...steps: readonly string[]): string => `Feature: f\n  Scenario: s\n${steps.map(s => `    ${s}\n`).join('')}`
async function found(text: string, files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const linter = await createLinter(memoryHost({ 'a/x.feature': text, ...files }), [])
  return linter.lint('a/x.feature', text).map(d =>
    `${d.span.line}:${d.span.column} ${d.severity} ${d.code}${d.suggestions?.length ? ` → ${d.suggestions.join(' | ')}` : ''}`)
}
const deployment = (more = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: app, image: x/web:1}]\n${more}`
const podWithPort = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\nspec: { containers: [{ name: app, image: x/web:1, ports: [{ name: http, containerPort: 8080 }] }] }'
const silentPod = podWithPort.replace(/, ports: .*/, '}] }').replace('app: web', 'app: other')
const serviceTo = (target: number | string, app = 'web'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${app} }\nspec: { selector: { app: ${app} }, ports: [{ port: 80, targetPort: ${target} }] }`
const applied = (yaml: string, ...then: readonly string[]): string => feature(
  'Given a cluster', 'When I apply:', '"""yaml', ...yaml.split('\n'), '"""',
  ...(then.length > 0 ? then : ['Then deployment web eventually has 2 ready replicas'])
)

describe('each rule finds its mistake', () => {
  test.each<[string, string, string[], Record<string, string>?]>([
    ['lost-keyword', 'Feature: f\n  Scenario: s\n    given a cluster\n', ['2:1 warning scenario-empty', '3:5 warning lost-keyword']],
    [
      'keyword-meaning', feature('Given a cluster', 'When node worker-1 is Ready', 'Then I cordon node worker-1'),
      ['4:10 warning keyword-meaning', '5:10 warning keyword-meaning'],
    ],
    ['scenario-empty: no scenario', 'Feature: f\n', ['1:1 warning scenario-empty']],
    ['scenario-empty: no feature', '# later\n', ['1:1 warning scenario-empty']],
    [
      'event-claimed',
      feature('Given a cluster', 'When node worker-1 is under memory pressure', 'Then node worker-1 is under memory pressure', 'And metrics-server is installed', 'And node worker-1 has label a=b'),
      ['5:10 error event-claimed → node worker-1 has condition MemoryPressure', '6:9 error event-claimed'],
    ],
    [
      'scenario-empty: an outline without examples',
      'Feature: f\n  Scenario Outline: o\n    Given a cluster with <n> nodes\n    Examples:\n      | n |\n  Scenario Outline: p\n    Given a cluster with <n> nodes\n    Examples:\n      | n |\n      | 1 |\n    Examples: none\n      | n |\n',
      ['4:5 warning scenario-empty', '11:5 warning scenario-empty'],
    ],
    ['tag-misspelt: no schedule', `@explore:0\n${feature('Given a cluster')}`, ['1:1 warning tag-misspelt']],
    ['not-utf8', 'Feature: f\n  Scenario: \uFFFDt\n    Given a cluster\n', ['2:13 warning not-utf8']],
    ['not text at all', `\uFFFD\uFFFD${[...feature('Given a cluster')].join('\0')}`, ['1:1 error gherkin-syntax']],
    ['tag-misspelt: a number', `@explore:many\n${feature('Given a cluster')}`, ['1:1 warning tag-misspelt']],
    [
      'step-undefined: a word that it never is', feature('Given a cluster', 'Then node worker-1 is Redy', 'And node worker-1 is not Running'),
      ['4:27 error step-undefined → node worker-1 is Ready', '5:30 error step-undefined'],
    ],
    ['scenario-duplicate', `${feature('Given a cluster')}  Scenario: s\n    Given a cluster\n`, ['4:13 warning scenario-duplicate']],
    [
      'tag-misspelt', `@checklst:cp-1 @seed:x @smoke @expect-failur\n${feature('Given a cluster')}`,
      ['1:1 warning tag-misspelt → @checklist:cp-1', '1:16 warning tag-misspelt', '1:31 warning tag-misspelt → @expect-failure'],
    ],
    [
      'tag-misspelt: short ones', `@skp @sed:7 @Only @ship @ski @seed @sky\n${feature('Given a cluster')}`,
      ['1:1 warning tag-misspelt → @skip', '1:6 warning tag-misspelt → @seed:7', '1:13 warning tag-misspelt → @only', '1:25 warning tag-misspelt → @skip'],
    ],
    [
      'checklist-unknown', `@checklist:cp-2\n${feature('Given a cluster')}`, ['1:1 warning checklist-unknown → @checklist:cp-1'],
      { 'a/checklist.yaml': 'items:\n  - {id: cp-1, text: it runs}\n' },
    ],
    [
      'binding-unused',
      feature(
        'Given a cluster', 'And deployment web with 2 replicas of image "x/web:1"', 'When I delete a pod of deployment web as "victim"', 'Then $victim is gone',
        'When I delete a pod of deployment web as "other"', 'Then $victim is gone'
      ),
      ['7:46 warning binding-unused'],
    ],
    [
      'assertion-constant: in a window of its own',
      feature('Given a cluster', 'Then node worker-1 is Ready after node worker-1 is Ready', 'And node worker-1 is never Ready before node worker-1 is Ready', 'And node worker-1 is always Ready after node worker-1 is Ready'),
      ['4:10 warning assertion-constant', '5:9 warning assertion-constant'],
    ],
    [
      'assertion-constant', feature('Given a cluster', 'Then at least 0 pods eventually Running', 'And node worker-1 is Ready while node worker-1 is Ready'),
      ['4:10 warning assertion-constant', '5:9 warning assertion-constant'],
    ],
    [
      'eventually-of-none',
      feature('Given a cluster', 'Then no pod in any namespace is eventually Pending', 'And no pod in any namespace is ever Failed', 'And no pod in any namespace is eventually not Running'),
      ['4:10 warning eventually-of-none'],
    ],
    [
      'file-not-found', feature('Given a cluster', 'When I apply "web.yml"', 'And I run "kubectl apply -f manifests/web.yaml"'),
      ['4:18 error file-not-found → web.yaml', '5:15 error file-not-found → web.yaml'], { 'a/web.yaml': deployment() },
    ],
    ['manifest-syntax', applied('kind: Pod\nmetadata:\n\tname: x', 'Then node worker-1 is Ready'), ['8:5 error manifest-syntax']],
    [
      'manifest-kind', applied('apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: web}', 'Then node worker-1 is Ready'),
      ['7:11 error manifest-kind → kind: Deployment'],
    ],
    [
      'manifest-kind, of another group', applied('apiVersion: v1\nkind: Deployment\nmetadata: {name: web}', 'Then node worker-1 is Ready'),
      ['6:17 error manifest-kind → apiVersion: apps/v1'],
    ],
    ['manifest-refused: unknown field', applied(deployment().replace('replicas: 2', 'replica: 2')), ['10:7 error manifest-refused']],
    ['manifest-refused: wrong type', applied(deployment().replace('replicas: 2', 'replicas: two')), ['10:7 error manifest-refused']],
    ['manifest-refused: invalid value', applied(deployment().replace('replicas: 2', 'replicas: -2')), ['10:17 error manifest-refused']],
    [
      'manifest-refused: in a file', feature('Given a cluster', 'When I apply "web.yaml"', 'Then deployment web is present'), ['4:18 error manifest-refused'],
      { 'a/web.yaml': deployment().replace('x/web:1', '""') },
    ],
    [
      'object-unknown',
      feature(
        'Given a cluster', 'And deployment catalog with 2 replicas of image "x/web:1"', 'Then deployment catlog eventually has 2 ready replicas',
        'And pod catalog-5d4f-x in namespace shop eventually Running'
      ),
      ['5:21 warning object-unknown → catalog', '6:41 warning object-unknown'],
    ],
    [
      'image-unused',
      feature(
        'Given a cluster', 'And image "x/wbe:1":', '  | start | 5s |', 'And deployment web with 2 replicas of image "x/web:1"',
        'Then deployment web eventually has 2 ready replicas'
      ),
      ['4:15 warning image-unused → x/web:1'],
    ],
    [
      'target-port-undeclared', feature('Given a cluster', 'When I apply "shop.yaml"', 'Then service web is present'), ['4:18 warning target-port-undeclared'],
      { 'a/shop.yaml': `${podWithPort}\n---\n${serviceTo(80)}` },
    ],
    [
      'probe-port-undeclared', feature('Given a cluster', 'When I apply "shop.yaml"', 'Then pod web is present'), ['4:18 warning probe-port-undeclared'],
      { 'a/shop.yaml': podWithPort.replace('ports:', 'readinessProbe: { tcpSocket: { port: 81 } }, ports:') },
    ],
    ['step-undefined', feature('Given a clutser'), ['3:13 error step-undefined → a cluster']],
    ['command-line', feature('Given a cluster', 'When I run "kubectl get pods | grep x"'), ['4:10 error command-line']],
    ['gherkin-syntax', 'Feature: f\nScenario: s\nGiven a cluster\nwhat\n', ['4:1 error gherkin-syntax']],
  ])('%s', async (_, text, expected, files) => { expect(await found(text, files)).toEqual(expected) })
})

describe('no rule cries wolf', () => {
  test.each<[string, string, Record<string, string>?]>([
    ['what is refused on purpose', applied(deployment().replace('replicas: 2', 'replicas: -2'), 'Then the last request is rejected with 422')],
    [
      'a behaviour of an image in a file', feature('Given a cluster', 'And image "x/web:1":', '  | start | 5s |', 'When I apply "web.yaml"', 'Then deployment web is present'),
      { 'a/web.yaml': deployment() },
    ],
    [
      'ports that are declared, by number or name, or of which nothing is known',
      feature('Given a cluster', 'When I apply "shop.yaml"', 'Then service web is present'),
      { 'a/shop.yaml': [podWithPort, serviceTo(8080), serviceTo('http'), serviceTo(80, 'other'), silentPod].join('\n---\n') },
    ],
    [
      'a probe of a declared port, or of a pod whose behaviour says what it listens on', feature('Given a cluster', 'When I apply "shop.yaml"', 'Then pod web is present'),
      {
        'a/shop.yaml': [
          podWithPort.replace('ports:', 'readinessProbe: { httpGet: { port: http } }, livenessProbe: { tcpSocket: { port: 8080 } }, ports:'),
          podWithPort.replace('ports:', 'readinessProbe: { tcpSocket: { port: 81 } }, ports:')
            .replace('name: web,', 'name: other, annotations: { behaviour.kscenario.dev/app: "listens: 8080" },'),
        ].join('\n---\n'),
      },
    ],
    ['a file that is missing on purpose', feature('Given a cluster', 'When I run "kubectl apply -f nowhere.yaml"', 'Then the last command fails')],
    [
      'objects that controllers name',
      feature('Given a cluster', 'And deployment catalog with 2 replicas of image "x/web:1"', 'Then pod catalog-5d4f-x eventually Running'),
    ],
    [
      'objects that come with a cluster',
      feature(
        'Given a cluster', 'Then service kubernetes is present', 'And namespace kube-system is present',
        'And deployment coredns in namespace kube-system eventually Available'
      ),
    ],
    [
      'objects that a file creates', feature('Given a cluster', 'When I apply "m/web.yaml"', 'Then deployment web eventually has 2 ready replicas'),
      { 'a/m/web.yaml': deployment() },
    ],
    ['objects that are not to be there', feature('Given a cluster', 'Then pod catalog is absent', 'And pod catalog never Running')],
    [
      'kinds that the scenario defines',
      applied(
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: shops.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {plural: shops, singular: shop, kind: Shop}\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n---\napiVersion: example.com/v1\nkind: Shop\nmetadata: {name: x}',
        'Then node worker-1 is Ready'
      ),
    ],
    [
      'names of the rows of an outline',
      'Feature: f\n  Scenario Outline: s\n    Given a cluster with <n> nodes\n    Then node worker-<n> is Ready\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n',
    ],
    [
      'prose that begins with a keyword of some language',
      'Feature: f\n  A cluster is given.\n  When it runs, all is well.\n  Scenario: s\n    Given a cluster\n'.replace('When', 'As'),
    ],
    [
      'bindings in command lines',
      feature(
        'Given a cluster', 'And deployment web with 2 replicas of image "x/web:1"', 'When I delete a pod of deployment web as "victim"',
        'And I run "kubectl get pod ${victim.name}"', 'Then the last command fails'
      ),
    ],
  ])('%s', async (_, text, files) => { expect(await found(text, files)).toEqual([]) })
})

describe('manifests are refused when a 1.35.4 API server refuses them', () => {
  interface Entry { readonly object: any; readonly mistakes?: readonly { readonly set: Record<string, any>; readonly error: string | null }[] }
  const refused = (object: any): boolean => manifestProblems(stringify(object, { version: '1.1' }), false).length > 0
  test.each((recorded as unknown as Entry[]).map(e => [`${e.object.kind} ${e.object.metadata.name ?? ''}`, e] as const))(
    '%s', (_, { object, mistakes = [] }) => {
    expect(manifestProblems(stringify(object, { version: '1.1' }), false)).toEqual([])
    for (const { set, error } of mistakes) expect([set, refused(withChanges(object, set))]).toEqual([set, error !== null])
  }
  )
})

describe('kscenario lint', () => {
  const clean = { 'a.feature': feature('Given a cluster', 'Then node worker-1 is Ready') }
  test('the scenarios of the book are clean', () => {
    expect(kscenario(['lint', join(import.meta.dirname, '../scenarios')]).text).toMatch(/^\n0 errors, 0 warnings · \d+ files\nexit 0\n$/)
  })
  test('exit codes: 0 clean, 1 warnings, 2 errors or nothing to look at', () => {
    expect(kscenario(['lint'], clean).text).toBe('\n0 errors, 0 warnings · 1 file\nexit 0\n')
    expect(kscenario(['lint'], { 'a.feature': feature('Given a cluster', 'Then pod x eventually Running') }).code).toBe(1)
    expect(kscenario(['lint'], { 'a.feature': feature('Given a clutser') }).code).toBe(2)
    expect(kscenario(['lint', 'nowhere'], clean)).toMatchObject({ code: 2, stderr: 'error: no such file or folder: nowhere\n' })
    expect(kscenario(['lint'], {}).code).toBe(2)
  })
  test('JSON has every place and code', () => {
    expect(JSON.parse(kscenario(['lint', '--format', 'json'], { 'a.feature': feature('Given a clutser') }).stdout)).toEqual({
      files: 1, errors: 1, warnings: 0,
      diagnostics: [{
        file: 'a.feature', line: 3, column: 13, endColumn: 20, severity: 'error', code: 'step-undefined',
        message: '`clutser` does not fit here: no step or assertion reads like this', suggestions: ['a cluster'],
      }],
    })
  })
  test('every code is explained', () => {
    const { stdout, code } = kscenario(['lint', '--explain', 'all'])
    expect(code).toBe(0)
    for (const [known, { title, explanation }] of Object.entries(codes)) expect(stdout).toContain(`${known}: ${title}\n  ${explanation}\n`)
    expect(kscenario(['lint', '--explain', 'assertion-constant']).stdout).toContain('cannot fail')
    expect(kscenario(['lint', '--explain', 'asertion-constant'])).toMatchObject({
      code: 2, stderr: 'error: --explain asertion-constant: no code is called so; did you mean assertion-constant?\n',
    })
  })
  test('every code that is used is explained', () => {
    const sources = ['dsl', 'lint', 'cli'].flatMap(room => codesIn(join(import.meta.dirname, '../src', room)))
    expect([...new Set(sources)].filter(code => !(code in codes))).toEqual([])
  })
})

function codesIn(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (name === 'generated') return []
    return statSync(path).isDirectory() ? codesIn(path) : [...readFileSync(path, 'utf8').matchAll(/(?<![\w-])code: '([a-z-]+)'/g)].map(m => m[1])
  })
}
