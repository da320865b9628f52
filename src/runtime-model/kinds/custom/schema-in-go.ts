/**
 * A JSON schema as the API server prints it in errors: its internal type, all fields in the order of the Go struct.
 * Source: k8s.io/apiextensions-apiserver pkg/apis/apiextensions/types_jsonschema.go; seen on a 1.35.4 API server.
 */
const fields: readonly (readonly [goName: string, name: string, empty: unknown])[] = [
  ['ID', 'id', ''], ['Schema', '$schema', ''], ['Ref', '$ref', null], ['Description', 'description', ''], ['Type', 'type', ''], ['Nullable', 'nullable', false],
  ['Format', 'format', ''], ['Title', 'title', ''], ['Default', 'default', null],
  ['Maximum', 'maximum', null], ['ExclusiveMaximum', 'exclusiveMaximum', false], ['Minimum', 'minimum', null], ['ExclusiveMinimum', 'exclusiveMinimum', false],
  ['MaxLength', 'maxLength', null], ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''], ['MaxItems', 'maxItems', null], ['MinItems', 'minItems', null], ['UniqueItems', 'uniqueItems', false],
  ['MultipleOf', 'multipleOf', null], ['Enum', 'enum', null], ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null], ['Required', 'required', null], ['Items', 'items', null], ['AllOf', 'allOf', null], ['OneOf', 'oneOf', null],
  ['AnyOf', 'anyOf', null], ['Not', 'not', null], ['Properties', 'properties', null],
  ['AdditionalProperties', 'additionalProperties', null], ['PatternProperties', 'patternProperties', null], ['Dependencies', 'dependencies', null],
  ['AdditionalItems', 'additionalItems', null], ['Definitions', 'definitions', null],
  ['ExternalDocs', 'externalDocs', null], ['Example', 'example', null], ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false],
  ['XIntOrString', 'x-kubernetes-int-or-string', false], ['XListMapKeys', 'x-kubernetes-list-map-keys', null], ['XListType', 'x-kubernetes-list-type', null],
  ['XMapType', 'x-kubernetes-map-type', null], ['XValidations', 'x-kubernetes-validations', null],
]
const lists: ReadonlySet<string> = new Set(['allOf', 'oneOf', 'anyOf']), maps: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'definitions'])
export function schemaInGo(schema: any): any {
  return Object.fromEntries(fields.map(([goName, name, empty]) =>
    [goName, schema[name] === undefined || schema[name] === null ? empty : part(name, schema[name])]))
}
function part(name: string, value: any): unknown {
  if (lists.has(name)) return value.map(schemaInGo)
  if (maps.has(name)) return Object.fromEntries(Object.keys(value).sort().map(key => [key, schemaInGo(value[key])]))
  if (name === 'not') return schemaInGo(value)
  if (name === 'items') return Array.isArray(value) ? { Schema: null, JSONSchemas: value.map(schemaInGo) } : { Schema: schemaInGo(value), JSONSchemas: null }
  if (name === 'additionalProperties' || name === 'additionalItems') {
    return typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: schemaInGo(value) }
  }
  if (name === 'x-kubernetes-validations') {
    return value.map((v: any) => ({
      Rule: v.rule ?? '', Message: v.message ?? '', MessageExpression: v.messageExpression ?? '', Reason: v.reason ?? null, FieldPath: v.fieldPath ?? '',
      OptionalOldSelf: v.optionalOldSelf ?? null,
    }))
  }
  return value
}
