import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scaledValue } from '../src/runtime-model/api/int-or-string.ts'
import { parseCidr } from '../src/runtime-model/api/cidr.ts'
import { objectKey } from '../src/runtime-model/api/object-key.ts'
import { podRange, podRangeNumber, podRanges } from '../src/runtime-model/api/pod-ranges.ts'
import { identityOf, itemOf, keyOf, memberOf, typeOf, type Member } from '../src/runtime-model/api/merge-metadata.ts'
import {
  addQuantities, canonicalQuantity, compareQuantities, formatMilli, formatUnits, milliOf, quantityError, unitsOf,
} from '../src/runtime-model/api/quantity.ts'
import { fieldMatcher, labelsMatch, parseFieldSelector, parseLabelSelector } from '../src/runtime-model/api/selectors.ts'
import { alreadyExists, conflict, disruptionBudget, invalid, notFound, unauthorized, unauthorizedAction } from '../src/runtime-model/api/status.ts'

test('an object has its key whoever was asked for before', () => {
  const few = fc.constantFrom('', 'a', 'b', 'shop')
  fc.assert(fc.property(fc.array(fc.tuple(few, few)), all => all.every(([namespace, name]) => objectKey(namespace, name) === `${namespace}/${name}`)))
})

describe('addresses of pods', () => {
  test('every node has 256 of its own, none of them a Service’s', () => {
    const all = Array.from({ length: podRanges }, (_, n) => podRange(n)), services = parseCidr('10.96.0.0/12')!
    expect(new Set(all).size).toBe(podRanges)
    const isWell = (range: string, n: number): boolean => {
      const { address, prefix } = parseCidr(range)!
      return prefix === 24 && podRangeNumber(range) === n && address >> 20n !== services.address >> 20n
    }
    expect(all.filter((range, n) => !isWell(range, n))).toEqual([])
  })
  test.each(['192.168.250.0/24', '10.96.3.0/24', '10.256.3.0/24', 'fd00::/64'])('%s is none of them', range => expect(podRangeNumber(range)).toBeUndefined())
})

describe('quantities', () => {
  test.each([
    ['0.5', '500m'], ['1000m', '1'], ['1.5Gi', '1536Mi'], ['0.1Gi', '107374182400m'], ['1024Mi', '1Gi'], ['100000', '100k'], ['1e3', '1e3'], ['0.5Ki', '512'],
    ['-1', '-1'], ['.5', '500m'], ['2', '2'], ['0', '0'], ['0Gi', '0'],
  ])(
    '%s is stored as %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical))
  test('what is none says why', () => {
    expect(quantityError('lots')).toMatch(/^quantities must match the regular expression/)
    expect(quantityError('1K')).toBe("unable to parse quantity's suffix")
    expect(quantityError('1Gi')).toBeUndefined()
  })
  test('amounts round up', () => expect([milliOf('0.0001'), unitsOf('100m'), milliOf('2'), unitsOf('1Ki')]).toEqual([1, 1, 2000, 1024]))
  test('sums keep the form of the first', () =>
    expect([addQuantities('500m', '1'), addQuantities('1Gi', '512Mi'), addQuantities('0', '512Mi')]).toEqual(['1500m', '1536Mi', '512Mi']))
  test('the canonical form is a fixed point and loses nothing', () =>
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), fc.constantFrom('m', '', 'k', 'Ki', 'Mi'), (n, suffix) => {
    const text = canonicalQuantity(n + suffix)
    return canonicalQuantity(text) === text && compareQuantities(text, n + suffix) === 0
  })))
  test('numbers have texts', () => expect([formatMilli(1500), formatUnits(2 ** 30), formatUnits(1000, 'DecimalSI')]).toEqual(['1500m', '1Gi', '1k']))
})

describe('label selectors', () => {
  const pick = (text: string, labels: Record<string, string>) => { const s = parseLabelSelector(text); return s.error ?? s.matches(labels) }
  test.each([
    ['a=b', true], ['a==b', true], ['a!=b', false], ['x!=y', true], ['a in (b, c)', true], ['a notin (b)', false], ['a', true], ['!a', false], ['!z,a=b', true],
    ['n>3', true], ['n<3', false], ['', true],
  ])(
    '%s', (text, expected) => expect(pick(text, { a: 'b', n: '5' })).toBe(expected))
  test.each([
    ['a=b c', "found 'c', expected: ',' or 'end of string'"], ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"], ['a,', "found '', expected: identifier after ','"],
  ])('%s is refused', (text, words) => expect(pick(text, {})).toBe(words))
  test('none selects nothing, an empty one everything', () => {
    expect([labelsMatch(undefined, { a: 'b' }), labelsMatch({}, {})]).toEqual([false, true])
    expect(labelsMatch({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'DoesNotExist' }] }, { a: 'b' })).toBe(true)
  })
})

test('field selectors know their fields', () => {
  const match = (text: string, object: any) => {
    const s = parseFieldSelector(text)
    if (s.error !== undefined) return s.error
    const m = fieldMatcher(s.terms, { 'status.phase': o => o.status.phase }, true)
    return 'error' in m ? m.error : m.matches(object)
  }
  const pod = { metadata: { name: 'a', namespace: 'n' }, status: { phase: 'Running' } }
  expect(match('metadata.name=a,status.phase!=Failed', pod)).toBe(true)
  expect(match('metadata.namespace==x', pod)).toBe(false)
  expect(match('foo=bar', pod)).toBe('field label not supported: foo')
  expect(match('foo', pod)).toBe("invalid selector: 'foo'; can't understand 'foo'")
})

test('how lists merge', () => {
  const at = (kind: [string, string, string], ...path: string[]): Member => {
    let type = typeOf(...kind), member: Member | undefined
    for (const step of path) { member = memberOf(type, step); type = itemOf(member!) }
    return member!
  }
  expect(at(['apps', 'v1', 'Deployment'], 'spec', 'template', 'spec', 'containers')).toMatchObject({
    patch: 'merge', patchKey: 'name', topology: 'map', keys: ['name'],
  })
  expect(at(['apps', 'v1', 'Deployment'], 'spec', 'strategy')).toMatchObject({ retainKeys: true })
  expect(at(['apps', 'v1', 'Deployment'], 'spec', 'selector').topology).toBe('atomic')
  expect(at(['', 'v1', 'Pod'], 'spec', 'tolerations')).toMatchObject({ patch: 'replace', topology: 'atomic' })
  expect(at(['', 'v1', 'Pod'], 'metadata', 'finalizers')).toMatchObject({ patch: 'merge', topology: 'set' })
  expect(keyOf(at(['', 'v1', 'Pod'], 'spec', 'containers', 'ports'), { containerPort: 80 })).toEqual({ containerPort: 80, protocol: 'TCP' })
  expect(identityOf(at(['', 'v1', 'Pod'], 'status', 'containerStatuses'))).toEqual(['name'])
  expect(memberOf(typeOf('', 'v1', 'Pod'), 'nonsense')).toBeUndefined()
})

test('statuses in the server\'s words', () => {
  expect(notFound({ group: '', resource: 'pods' }, 'x')).toEqual({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'pods "x" not found', reason: 'NotFound', details: { name: 'x', kind: 'pods' },
    code: 404,
  })
  expect(invalid({ group: 'apps', kind: 'Deployment' }, 'web', [{
    type: 'FieldValueInvalid', field: 'spec.replicas', body: 'Invalid value: -1: must be greater than or equal to 0',
  }])).toEqual({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure',
    message: 'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0', reason: 'Invalid',
    details: {
      name: 'web', group: 'apps', kind: 'Deployment',
      causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value: -1: must be greater than or equal to 0', field: 'spec.replicas' }],
    },
    code: 422 })
  expect(conflict({ group: 'apps', resource: 'deployments' }, 'web').message).toBe(
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again'
  )
  expect(alreadyExists({ group: '', resource: 'pods' }, 'x').message).toBe('pods "x" already exists')
  expect(unauthorizedAction({ user: 'u', verb: 'create', group: '', resource: 'pods', namespace: 'ns' })).toMatchObject(
    { message: 'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "ns"', details: { kind: 'pods' }, code: 403 }
  )
  expect(unauthorized()).toEqual({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401,
  })
  expect(disruptionBudget('The disruption budget web needs 2 healthy pods and has 2 currently').details).toEqual({
    causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' }],
  })
})

test('percentages of a count', () => {
  expect([scaledValue('25%', 3, true), scaledValue('25%', 3, false), scaledValue(2, 3, true), scaledValue('many', 3, true)]).toEqual([1, 0, 2, undefined])
})
