import { describe, expect, test } from 'vitest'
import { badRequest, invalid, strictDecoding } from '../src/runtime-model/api/status.ts'
import { decode, registry, withoutDisabledFields, type KindDefinition } from '../src/runtime-model/kinds/index.ts'
import { parseTime } from '../src/runtime-model/api/time.ts'
import { withChanges } from './support/with-changes.ts'
import recorded from './kinds-mistakes.json' with { type: 'json' }
import metadata from './kinds-metadata.json' with { type: 'json' }

/**
 * What a 1.35.4 API server made of one valid object of each kind, and its words about mistakes in it (`set`: path → value, null: removed). `updates` and
 * `statusUpdates` change the stored object. What admission or allocation adds to is not in `stored`.
 */
interface Case {
  readonly set: Readonly<Record<string, any>>
  readonly error: string | null
  readonly warnings?: readonly string[]
  readonly generation?: number
}
interface Entry {
  readonly object: any
  readonly stored?: any
  readonly warnings?: readonly string[]
  readonly cells?: readonly any[]
  readonly mistakes?: readonly Case[]
  readonly updates?: readonly Case[]
  readonly statusUpdates?: readonly Case[]
}
const entries = recorded as unknown as readonly Entry[], created = '2026-01-01T00:00:00Z', now = parseTime(created)
const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const kindOf = ({ apiVersion, kind }: any): KindDefinition =>
  registry.all.find(k => k.kind === kind && (k.group ? `${k.group}/${k.version}` : k.version) === apiVersion)!
const nameOf = ({ apiVersion, kind, metadata }: any): string => `${kind} ${apiVersion} ${metadata.name ?? metadata.generateName}`

// What an API server does with a document, as far as the kind decides it.
interface Outcome { readonly object?: any; readonly error?: string; readonly warnings?: readonly string[] }
function read(kind: KindDefinition, document: any): Outcome {
  const { object, error, strict } = decode(kind, document)
  if (error !== undefined) return { error: badRequest(error).message }
  return strict.length > 0 ? { error: strictDecoding(kind.kind, kind.version, strict).message } : { object: withoutDisabledFields(kind, object) }
}
const warningsOf = (kind: KindDefinition, object: any, old?: any): readonly string[] =>
  [...kind.deprecated ? [kind.deprecated] : [], ...kind.warnings?.(object, old) ?? []]
function create(document: any): Outcome {
  const kind = kindOf(document), { object: given, error } = read(kind, document)
  if (error !== undefined) return { error }
  const identity = { uid: 'uid-1', creationTimestamp: created, ...kind.namespaced ? { namespace: 'default' } : undefined }
  const object = kind.beforeCreate(kind.defaults({ ...given, metadata: { ...given.metadata, ...identity } }), user), problems = kind.validate(object)
  return problems.length > 0
    ? { error: invalid(kind.errorKind ?? kind, object.metadata.name ?? '', problems).message }
    : { object, warnings: warningsOf(kind, object) }
}
function update(old: any, changes: Case['set'], status: boolean): Outcome {
  const kind = kindOf(old), { object: given, error } = read(kind, withChanges(old, changes))
  if (error !== undefined) return { error }
  const complete = kind.defaults(given), object = status ? kind.beforeStatusUpdate(complete, old) : kind.beforeUpdate(complete, old)
  const problems = changes['$noVersion'] && kind.needsResourceVersion
    ? [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', body: 'Invalid value: 0: must be specified for an update' } as const]
    : status ? kind.validateStatusUpdate!(object, old) : kind.validateUpdate(object, old)
  const versionless = changes['$noVersion'] !== undefined && kind.needsResourceVersion
  return problems.length > 0
    ? { error: invalid(versionless ? { ...kind, kind: kind.resource } : kind, object.metadata.name, problems).message }
    : { object, warnings: status ? [] : warningsOf(kind, object, old) }
}
function check(outcome: Outcome, { error, warnings = [], generation }: Case): void {
  expect(outcome.error ?? null).toBe(error)
  if (error !== null) return
  expect(outcome.warnings).toEqual(warnings)
  if (generation !== undefined) expect(outcome.object.metadata.generation).toBe(generation)
}
const cases = (part: 'mistakes' | 'updates' | 'statusUpdates'): [string, Entry, Case][] =>
  entries.flatMap(e => (e[part] ?? []).map(c => [`${nameOf(e.object)}: ${JSON.stringify(c.set)}`, e, c] as [string, Entry, Case]))

describe.each(entries.map(e => [nameOf(e.object), e] as const))('%s', (_, { object, stored, cells, warnings = [] }) => {
  const kind = kindOf(object), made = create(object)
  test('is stored as an API server stores it', () => {
    expect(made.error).toBeUndefined()
    const { storedAs } = kind, shown = storedAs ? storedAs.fromStored(storedAs.toStored(made.object)) : made.object
    const { uid: _uid, creationTimestamp: _time, ...metadata } = shown.metadata
    if (stored) expect({ ...shown, metadata }).toEqual(stored)
    expect(made.warnings).toEqual(warnings)
  })
  test('decoding and defaulting what is stored changes nothing', () => {
    const again = decode(kind, made.object)
    expect(again).toEqual({ object: made.object, strict: [] })
    expect(kind.defaults(again.object)).toBe(again.object)
    expect(kind.validate(made.object)).toEqual([])
  })
  test('is printed with a cell for each column', () => {
    const printed = kind.cells(made.object, now)
    if (cells) expect(printed).toEqual(cells)
    else expect(printed).toHaveLength(kind.columns.length)
  })
  if (kind.storedAs) test('is the same when it comes back from the other version', () => {
    const back = kind.storedAs!.fromStored(kind.storedAs!.toStored(made.object))
    expect(kind.storedAs!.fromStored(kind.storedAs!.toStored(back))).toEqual(back)
  })
})
describe('a new object is refused in the API server\'s words', () => {
  test.each(cases('mistakes'))('%s', (_, { object }, c) => check(create(withChanges(object, c.set)), c))
})
describe('so is a change', () => { test.each(cases('updates'))('%s', (_, { object }, c) => check(update(create(object).object, c.set, false), c)) })
describe('so is a change of status', () => {
  test.each(cases('statusUpdates'))('%s', (_, { object }, c) => check(update(create(object).object, c.set, true), c))
})

/** Fields of metadata that a server names when all of it changes for the worse, each time it does; '': no such change is made at all. */
describe('of metadata all is said, as often as a server says it', () => {
  test.each((metadata as readonly { readonly object: string; readonly main: string; readonly status?: string }[]).map(m => [m.object, m] as const))(
    '%s', (name, { main, status }) => {
      const { object: given } = entries.find(e => nameOf(e.object) === name)!, kind = kindOf(given), old = create(given).object
      const worse = {
        ...old, metadata: {
          ...old.metadata, labels: { ...old.metadata.labels, 'a b': 'x' }, deletionGracePeriodSeconds: 5, generateName: 'UPPER_',
          finalizers: [...old.metadata.finalizers ?? [], 'plain'],
        },
      }
      const told = (problems: readonly { readonly field: string }[]): string =>
        problems.map(p => p.field.replace(/\[\d\]$/, '[]').replace('metadata.', '')).join(' ')
      expect(told(kind.validateUpdate(kind.beforeUpdate(worse, old), old))).toBe(main)
      if (status !== undefined) expect(told(kind.validateStatusUpdate!(kind.beforeStatusUpdate(worse, old), old))).toBe(status)
    }
  )
})

/** What these say of a change they say twice: a server's strategy asks, and then its validation of updates. */
test.each([
  ['NetworkPolicy networking.k8s.io/v1 deny', { 'spec.policyTypes': ['odd'] }, 'spec.policyTypes[0]'],
  ['PersistentVolume v1 pv-1', { 'spec.volumeMode': 'odd', 'spec.persistentVolumeReclaimPolicy': 'odd' }, 'spec.persistentVolumeReclaimPolicy'],
  ['CSINode storage.k8s.io/v1 spare-1', { 'spec.drivers[0].nodeID': '' }, 'spec.drivers[0].nodeID'],
])('%s tells a mistake in a change twice', (name, changes, field) => {
  const { object } = entries.find(e => nameOf(e.object) === name)!, kind = kindOf(object), old = create(object).object
  const changed = kind.defaults(withChanges(old, changes))
  expect(kind.validateUpdate(kind.beforeUpdate(changed, old), old).filter(p => p.field === field).map(p => p.body)).toHaveLength(2)
})
