import { typeOf } from '../../../runtime-model/api/merge-metadata.ts'
import { typeName } from '../../../runtime-model/api/schema.ts'
import { strategicMerge, StrategicMergeError } from '../../../runtime-model/api/strategic-merge.ts'
import { normalise } from '../../../runtime-model/kinds/decode.ts'
import { diagnose } from '../../../runtime-model/kinds/decode-errors.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { failure } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { mergePlainly, patchJson } from '../kustomize/patches.ts'

/** `--overrides` laid over what the other flags say, and read as kubectl's own type. Source: kubectl pkg/cmd/util/override_options.go. */
export function overridden(object: any, kind: KindDefinition, flags: Flags): any {
  if (!flags.given('overrides')) return object
  const way = ways[flags.text('override-type')]
  if (!way) throw failure(`invalid override type: ${flags.text('override-type')}`)
  const laid = way(object, kind, flags.text('overrides')), type = typeName(kind.group, kind.version, kind.kind)
  if (laid.kind !== kind.kind || laid.apiVersion !== object.apiVersion) return laid
  const { error } = diagnose(type, laid)
  if (error !== undefined) throw failure(error)
  return normalise(type, laid)
}

type Way = (object: any, kind: KindDefinition, overrides: string) => any
const ways: Readonly<Record<string, Way>> = {
  merge(object, _, overrides) {
    const over = read(overrides, 'Invalid JSON Patch')
    if (typeof over !== 'object' || over === null || Array.isArray(over)) throw failure(unread(over))
    return mergePlainly(object, over)
  },
  json(object, _, overrides) {
    const operations = read(overrides, `invalid character '${overrides[0] ?? ''}' looking for beginning of value`)
    if (!Array.isArray(operations)) throw failure(`json: cannot unmarshal ${wordOf(operations)} into Go value of type jsonpatch.Patch`)
    return patchJson(object, operations)
  },
  strategic(object, kind, overrides) {
    const over = read(overrides, 'invalid JSON document')
    if (typeof over !== 'object' || over === null || Array.isArray(over)) throw failure('invalid JSON document')
    try { return strategicMerge(typeOf(kind.group, kind.version, kind.kind), object, over) } catch (error) {
      throw error instanceof StrategicMergeError ? failure(error.message) : error
    }
  },
}
function read(text: string, otherwise: string): any {
  try { return JSON.parse(text) } catch { throw failure(otherwise) }
}
const wordOf = (value: unknown): string => Array.isArray(value) ? 'array' : typeof value
/** what replaces an object as a whole is no object any more */
const unread = (value: unknown): string =>
  `couldn't get version/kind; json parse error: json: cannot unmarshal ${wordOf(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
