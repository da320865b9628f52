import { parseLabelSelector } from '../../../runtime-model/api/selectors.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import { groupVersion } from '../kinds.ts'
import { parseManifest } from '../parse-manifest.ts'
import type { Read } from './build.ts'
import type { Resource } from './resource.ts'

/**
 * `replacements`: what stands in one field is written into others. Source: kustomize api/filters/replacement/replacement.go, kyaml/utils/pathsplitter.go
 */
interface Selector { readonly group?: string; readonly version?: string; readonly kind?: string; readonly name?: string; readonly namespace?: string }
interface Options { readonly delimiter?: string; readonly index?: number; readonly create?: boolean; readonly encoding?: string }
interface Target {
  readonly select?: Selector & { readonly labelSelector?: string; readonly annotationSelector?: string }
  readonly reject?: readonly Selector[]; readonly fieldPaths?: readonly string[]; readonly options?: Options
}
interface Replacement { readonly source?: Selector & { readonly fieldPath?: string; readonly options?: Options }; readonly targets?: readonly Target[] }

export function replaced(all: readonly Resource[], given: readonly any[], read: Read): void {
  const list: readonly Replacement[] = given.flatMap(one => one.path === undefined ? [one] : parseManifest(read(one.path), one.path).flat())
  for (const { source, targets = [] } of list) {
    if (!source || targets.length === 0) throw failure('replacements must specify a source and at least one target')
    const value = valueOf(all, source)
    for (const target of targets) {
      if (!target.select) throw failure('target must specify resources to select')
      for (const resource of all) if (isTarget(resource, target)) write(resource, target, value)
    }
  }
}

function valueOf(all: readonly Resource[], source: NonNullable<Replacement['source']>): any {
  const matching = all.filter(r => isSelected(r, source)), { fieldPath = 'metadata.name', options = {} } = source
  if (matching.length === 0) throw failure(`nothing selected by ${idOf(source)}`)
  if (matching.length > 1) throw failure(`multiple matches for selector ${idOf(source)}`)
  const value = found(matching[0].object, stepsOf(fieldPath))
  if (value === undefined) throw failure(`fieldPath \`${fieldPath}\` is missing for replacement source ${idOf(source)}`)
  if (!options.delimiter) return value
  if (typeof value === 'object') throw failure('delimiter option can only be used with scalar nodes')
  const parts = String(value).split(options.delimiter), index = options.index ?? 0
  if (index < 0 || index >= parts.length) throw failure(`options.index ${index} is out of bounds for value ${String(value)}`)
  return parts[index]
}
/** as kustomize writes an id of which only parts are known */
const idOf = ({ group, version, kind, name, namespace }: Selector): string =>
  `${kind ?? '[noKind]'}.${version ?? '[noVer]'}.${group ?? '[noGrp]'}/${name ?? '[noName]'}.${namespace ?? '[noNs]'}`

function isSelected({ object, names, namespaces }: Resource, wanted: Selector): boolean {
  const { group, version } = groupVersion(String(object.apiVersion))
  return (wanted.group === undefined || wanted.group === group) && (wanted.version === undefined || wanted.version === version)
    && (wanted.kind === undefined || wanted.kind === object.kind) && (wanted.name === undefined || names.has(wanted.name))
    && (wanted.namespace === undefined || namespaces.has(wanted.namespace))
}
function isTarget(resource: Resource, { select, reject = [] }: Target): boolean {
  const { metadata } = resource.object
  const fits = (selector: string | undefined, values: any): boolean => {
    const parsed = parseLabelSelector(selector ?? '')
    return parsed.error === undefined && parsed.matches(values ?? {})
  }
  return isSelected(resource, select!) && !reject.some(r => isSelected(resource, r)) && fits(select!.labelSelector, metadata.labels)
    && fits(select!.annotationSelector, metadata.annotations)
}

function write(resource: Resource, { fieldPaths = ['metadata.name'], options = {} }: Target, value: any): void {
  if (options.encoding !== undefined) throw new NotModelled('replacements with an encoding in a kustomization')
  for (const path of fieldPaths) {
    let count = 0
    const object = changed(resource.object, stepsOf(path), options.create ?? false, old => { count++; return joined(old, value, options) })
    if (count === 0) throw failure(`unable to find field ${JSON.stringify(path)} in replacement target`)
    resource.object = object
  }
}
/** One part of a text that a delimiter divides. */
function joined(old: any, value: any, { delimiter, index = 0 }: Options): any {
  if (!delimiter) return likewise(old, value)
  if (typeof old === 'object' && old !== null) throw failure('delimiter option can only be used with scalar nodes')
  const parts = String(old ?? '').split(delimiter)
  if (index < 0) return [value, ...parts].join(delimiter)
  return index >= parts.length ? [...parts, value].join(delimiter) : parts.map((part, i) => i === index ? value : part).join(delimiter)
}

/** A scalar keeps the type of what stood there. */
function likewise(old: any, value: any): any {
  if (typeof value === 'object' || old === undefined || old === null || typeof old === 'object') return value
  if (typeof old === 'string') return String(value)
  const read = typeof old === 'number' ? Number(value) : value === 'true' ? true : value === 'false' ? false : value
  return Number.isNaN(read) ? value : read
}

/** `spec.containers.[name=app].env.0.value` in steps; a dot in brackets or behind a backslash divides nothing. */
function stepsOf(path: string): readonly string[] {
  return (path.match(/(?:\\\.|\[[^\]]*\]|[^.[])+/g) ?? []).map(step => step.replace(/\\\./g, '.').replace(/^\[([^=\]]*)\]$/, '$1'))
}
const itemOf = (step: string): readonly [key: string, value: string] | undefined => {
  const [, key, value] = /^\[([^=]+)=(.*)\]$/.exec(step) ?? []
  return key === undefined ? undefined : [key, value]
}
const isAt = (item: any, i: number, step: string): boolean => {
  const wanted = itemOf(step)
  return step === '*' || (wanted ? String(item?.[wanted[0]]) === wanted[1] : String(i) === step)
}
function found(value: any, [step, ...rest]: readonly string[]): any {
  if (step === undefined || value === undefined || value === null) return value ?? undefined
  return found(Array.isArray(value) ? value.find((item, i) => isAt(item, i, step)) : value[step], rest)
}
/** What is not there is made, if it is to be: maps, and items of lists that a key names. */
function changed(value: any, [step, ...rest]: readonly string[], create: boolean, change: (old: any) => any): any {
  if (step === undefined) return change(value)
  const wanted = itemOf(step)
  if (Array.isArray(value) || wanted) {
    const list: readonly any[] = value ?? [], hit = list.some((item, i) => isAt(item, i, step))
    if (!hit && create && wanted) return [...list, changed({ [wanted[0]]: wanted[1] }, rest, create, change)]
    return list.map((item, i) => isAt(item, i, step) ? changed(item, rest, create, change) : item)
  }
  if (typeof value !== 'object' || value === null) return value === undefined && create ? { [step]: changed(undefined, rest, create, change) } : value
  if (step === '*') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, changed(v, rest, create, change)]))
  if (value[step] === undefined && !create) return value
  const next = changed(value[step], rest, create, change)
  return next === undefined ? value : { ...value, [step]: next }
}
