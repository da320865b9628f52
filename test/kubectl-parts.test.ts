import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCommandLine } from '../src/clients/index.ts'
import { bool, durationMs, int, list, parseFlags, text } from '../src/clients/kubectl/flags.ts'
import { kindOf } from '../src/clients/kubectl/kinds.ts'
import { parseManifest } from '../src/clients/kubectl/parse-manifest.ts'
import { threeWay, twoWay } from '../src/clients/kubectl/patch/strategic.ts'
import { toYaml } from '../src/clients/kubectl/printers/yaml.ts'
import { alignTabs, TABLE } from '../src/clients/kubectl/tab-writer.ts'
import { unifiedDiff } from '../src/clients/kubectl/unified-diff.ts'
import { wrap } from '../src/clients/kubectl/verbs/explain.ts'
import { yamlMistake } from '../src/clients/kubectl/yaml/parser.ts'
import { typeOf } from '../src/runtime-model/api/merge-metadata.ts'
import { strategicMerge } from '../src/runtime-model/api/strategic-merge.ts'

describe('what cannot run as written is found before', () => {
  test.each([
    ['kubectl get pods | grep x', '`|` needs a shell'],
    ['kubectl gte pods', 'did you mean get?'],
    ['kubectl get pods --show-label', 'kubectl get has no flag `--show-label` here, did you mean --show-labels'],
    ['kubectl rollout statsu deployment/x', 'did you mean status?'],
    ['kubectl create pod x', 'kubectl create has no verb `pod` here'],
    ['helm install x', '`helm` is not a command of this language'],
    ['etcdctl explode', 'etcdctl has no command `explode`; known are get, put, del'],
  ])('%s', (line, why) => expect(checkCommandLine(line)?.message).toContain(why))
  test.each([
    'kubectl get pods -A -owide', 'kubectl -n kube-system get pods', 'kubectl create -f x.yaml', 'kubectl exec web -- ls', 'etcdctl snapshot save a.db',
  ])('%s can', line =>
    expect(checkCommandLine(line)).toBeUndefined())
})

describe('flags', () => {
  const specs = { all: bool('A'), output: text('o'), replicas: int(), verb: list() }
  const read = (line: string): unknown => {
    const r = parseFlags(line.split(' ').filter(Boolean), specs)
    return 'flags' in r
      ? { args: r.flags.args, output: r.flags.text('output'), all: r.flags.on('all'), verbs: r.flags.list('verb'), dashAt: r.flags.dashAt }
      : r
  }
  test.each([
    ['pods -Aowide', { args: ['pods'], output: 'wide', all: true, verbs: [], dashAt: undefined }],
    ['--output=a=b --all=false x', { args: ['x'], output: 'a=b', all: false, verbs: [], dashAt: undefined }],
    ['--verb=get,list --verb watch y -- --z', { args: ['y', '--z'], output: '', all: false, verbs: ['get', 'list', 'watch'], dashAt: 1 }],
    ['--replicas=x', { wrong: 'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax' }],
    ['--output', { wrong: 'flag needs an argument: --output' }],
    ['--nope', { wrong: 'unknown flag: --nope', unknown: '--nope' }],
  ])('%s', (line, expected) => expect(read(line)).toEqual(expected))
  test.each([['1h30m', 5_400_000], ['1.5s', 1500], ['0', 0], ['-1s', -1000], ['5', undefined], ['5 s', undefined]])(
    'duration %s', (value, ms) => expect(durationMs(value)).toBe(ms)
  )
})

test('columns stand in blocks', () => {
  expect(alignTabs('NAME\tAGE\na\t1s\n\nlonger name\tx\n', TABLE)).toBe('NAME   AGE\na      1s\n\nlonger name   x\n')
})

describe('YAML', () => {
  test.each([
    ['1', '"1"'], ['yes', '"yes"'], ['', '""'], ['2026-01-01T00:00:00Z', '"2026-01-01T00:00:00Z"'], ['10.0.0.1', '10.0.0.1'], ['500m', '500m'],
    ['* *', "'* *'"], ['a: b', "'a: b'"], ['{x}', "'{x}'"], ['a b', 'a b'], ['12:30', '"12:30"'], ["it's", "it's"], ['a\tb', '"a\\tb"'], ['- x', "'- x'"],
  ])('%j is written %s', (value, written) => expect(toYaml({ a: value })).toBe(`a: ${written}\n`))
  test('lists are not indented, keys stand in natural order', () =>
    expect(toYaml({ b: [{ y: 1, x: [] }], a10: {}, a9: 'l1\nl2\n' })).toBe('a9: |\n  l1\n  l2\na10: {}\nb:\n- x: []\n  "y": 1\n'))
  test.each([
    ['.', '.'], ['e2', 'e2'], ['1e2', 100], ['1.5', 1.5], ['yes', true], ['0o17', 15], ['2026-01-01', '2026-01-01'], ['12:30', '12:30'], ['~', null],
  ])('%s is read %j', (written, value) =>
    expect(parseManifest(`a: ${written}`, 'test')).toEqual([{ a: value }]))
  test('what is written is read back', () => fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.lorem({ maxCount: 30 }), fc.boolean(), fc.integer(), fc.array(fc.string()))),
      value => {
    const plain = JSON.parse(JSON.stringify(value)) as unknown
    expect(parseManifest(toYaml(plain), 'test')).toEqual([plain])
  }
    ), { numRuns: 300, seed: 1 }
  ))
})

describe('patches', () => {
  const deployment = kindOf('deployments'), type = typeOf('apps', 'v1', 'Deployment')
  const container = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('x:1', 'x:2'),
      env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B'), value: fc.string() }), { selector: e => e.name }),
    },
    { requiredKeys: ['name', 'image'] }
  )
  const object = fc.record({
    metadata: fc.record({
      labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')), finalizers: fc.uniqueArray(fc.constantFrom('f/1', 'f/2')),
    }),
    spec: fc.record({
      replicas: fc.nat(3), template: fc.record({ spec: fc.record({ containers: fc.uniqueArray(container, { selector: c => c.name, minLength: 1 }) }) }),
    }),
  })
  // lists that became empty leave nothing behind, as in a Go object
  const whole = (value: any): any => Array.isArray(value) ? value.map(whole)
    : value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, whole(v)]).filter(([, v]) => !(Array.isArray(v) && v.length === 0)))
    : value
  test('a two-way patch makes the one of the other', () => fc.assert(
    fc.property(object, object, (a, b) => { expect(whole(strategicMerge(type, a, twoWay(deployment, a, b)))).toEqual(whole(b)) }), { numRuns: 300, seed: 1 }
  ))
  test('what is applied twice changes nothing the second time', () => fc.assert(fc.property(object, object, object, (original, modified, current) => {
    const once = strategicMerge(type, current, threeWay(deployment, original, modified, current))
    expect(threeWay(deployment, modified, modified, once)).toEqual({})
  }), { numRuns: 300, seed: 1 }))
})

test('diff -u', () => {
  expect(unifiedDiff('a\nb\nc\n', 'a\nx\nc\nd\n')).toBe('@@ -1,3 +1,4 @@\n a\n-b\n+x\n c\n+d\n')
  expect(unifiedDiff('a\n', 'a\n')).toBe('')
})
test('lines break at spaces', () => expect(wrap(`${'word '.repeat(16)}end`)).toBe(`${'word '.repeat(15).trim()}\nword end`))

describe('what is no YAML is told as Go tells it', () => {
  test.each([
    ['args: [--url=http://x/?q=1]', "did not find expected ',' or ']'"],
    ['a: 1\nargs: [--url=http://x/?q=1]', "line 1: did not find expected ',' or ']'"],
    ['a:\n  ip: {v6: ::1}', 'line 1: did not find expected node content'],
    ['a: "x\nb: c', 'line 3: found unexpected end of stream'],
    ['spec:\n  containers:\n    - name: a\n  - name: b', 'line 3: did not find expected key'],
    ['spec:\n  containers\n  name: a', 'line 3: mapping values are not allowed in this context'],
    ['a: 1\nkind Pod\nb: 2', "line 3: could not find expected ':'"],
    ['a: 1\n\tb: 2', 'line 2: found a tab character that violates indentation'],
    ['a: # b\n\tc: d', 'line 2: found character that cannot start any token'],
    ['a: 1\nb: - c', 'line 2: block sequence entries are not allowed in this context'],
    ['a: |\n  x\n\ty', 'line 3: found a tab character where an indentation space is expected'],
    ['a: 1\nb: !e!x y', 'line 1: found undefined tag handle'],
    ['a: 1\nb: {c: d}}', 'line 1: did not find expected key'],
    ["a: {b: 'c', \"d\":e, f: [g, {h: i}],}\nj: [k: l, ? m]\nn: |+\n\n  o: p\nq: &r !!str s\nt: *r # u\n'v w': >-\n  x\n\n  y\n? z\n: - a\n  - b", undefined],
  ])('%j', (text, says) => expect(yamlMistake(`${text}\n`)).toBe(says))
})
