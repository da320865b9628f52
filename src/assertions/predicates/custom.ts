import type { PredicateContext, PredicateResult, ResolvedSubject } from '../../extension.ts'
import type { TypeSchema } from '../../runtime-model/api/schema.ts'
import { typeOfSchema } from '../../runtime-model/kinds/custom/schema-type.ts'
import { storageName } from '../../runtime-model/kinds/index.ts'
import { CannotRun } from '../errors.ts'
import { isSaid } from '../said.ts'
import { fieldIn, isKnown, misspeltIn, type Typed } from './fitting.ts'
import { moot } from './support.ts'

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'
/** by the version of a definition as it is stored, which is never changed in place */
const types = new WeakMap<object, TypeSchema>()

/** What a CustomResourceDefinition says of its objects; undefined of a kind that is built in, and where no definition is served. */
function typeOfCustom({ ref, object }: ResolvedSubject, { driver }: Pick<PredicateContext, 'driver'>): Typed | undefined {
  if (!ref || isKnown(ref.resource)) return undefined
  const crd = driver.storedList(definitions).find(d => storageName(d.spec.group, d.spec.names.plural) === ref.resource)
  const served = object?.apiVersion?.split('/').at(-1)
  const versions: readonly any[] = crd?.spec.versions ?? [], version = versions.find(v => v.name === served) ?? versions.find(v => v.storage)
  if (!crd || !version?.schema?.openAPIV3Schema) return undefined
  let root = types.get(version)
  if (!root) types.set(version, root = typeOfSchema(version.schema.openAPIV3Schema))
  return { kind: crd.spec.names.kind, root }
}
/**
 * A field that the schema of a custom resource does not have is never there, as with kinds that are built in. What a manifest has said all the same
 * was lost, and `has no field` tells so.
 */
export function fieldOfCustom(subject: ResolvedSubject, at: PredicateContext, jsonpath: string, value?: string): void {
  const type = typeOfCustom(subject, at), why = type && fieldIn(type, { jsonpath, value })
  if (why && !(value === undefined && isSaid(at.context, /([\w-]*)\}?$/.exec(jsonpath)![1]))) throw new CannotRun(why)
}
export function misspeltInCustom(subject: ResolvedSubject, at: PredicateContext, wanted: unknown): string | undefined {
  const type = typeOfCustom(subject, at)
  return type && misspeltIn(type, wanted)
}
export const isCustom = ({ ref, type }: ResolvedSubject): boolean => type === 'object' && ref !== undefined && !isKnown(ref.resource)
/**
 * A custom resource that says nothing of a condition is neither so nor not so: its controller has not looked at it, or calls it something else. Source:
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
export const unsaid = (subject: ResolvedSubject, word: string): PredicateResult => moot(`${subject.label} has no condition ${word}`)
