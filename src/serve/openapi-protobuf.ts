import { BinaryWriter } from '@bufbuild/protobuf/wire'

/**
 * The OpenAPI v2 document in protobuf, which kubectl and Helm ask for. A field is `name number type`; `*`: there may be several; `{}`: what has names, each of
 * which is written with its value; `x-`: all extensions. Source: github.com/google/gnostic-models openapiv2/OpenAPIv2.proto
 */
export const openApiProtobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'

const messages: Readonly<Record<string, string>> = {
  Document: 'swagger 1 string;info 2 Info;paths 8 Paths;definitions 9 {}Schema;parameters 10 {}Parameter;security 12 *Requirement;securityDefinitions 13 {}Security',
  Info: 'title 1 string;version 2 string',
  PathItem: ['get 2', 'put 3', 'post 4', 'delete 5', 'options 6', 'head 7', 'patch 8'].map(field => `${field} Operation`).join(';') + ';parameters 9 *ParametersItem',
  Operation:
    'tags 1 *string;description 3 string;operationId 5 string;produces 6 *string;consumes 7 *string;parameters 8 *ParametersItem;responses 9 Responses;schemes 10 *string;x- 13 *any',
  BodyParameter: 'description 1 string;name 2 string;in 3 string;required 4 bool;schema 5 Schema',
  QueryParameter: 'required 1 bool;in 2 string;description 3 string;name 4 string;type 6 string;uniqueItems 20 bool',
  PathParameter: 'required 1 bool;in 2 string;description 3 string;name 4 string;type 5 string;uniqueItems 19 bool',
  Reference: '$ref 1 string;description 2 string', Response: 'description 1 string;schema 2 SchemaItem', SchemaItem: '. 1 Schema', ApiKey: 'type 1 string;name 2 string;in 3 string;description 4 string',
  Security: '. 2 ApiKey', Schema:
    '$ref 1 string;format 2 string;title 3 string;description 4 string;default 5 any;multipleOf 6 double;maximum 7 double;exclusiveMaximum 8 bool;minimum 9 double;exclusiveMinimum 10 bool;maxLength 11 int;minLength 12 int;pattern 13 string;maxItems 14 int;minItems 15 int;uniqueItems 16 bool;maxProperties 17 int;minProperties 18 int;required 19 *string;enum 20 *any;additionalProperties 21 AdditionalProperties;type 22 Types;items 23 Items;allOf 24 *Schema;properties 25 {}Schema;x- 31 *any',
  Items: '. 1 Schema',
}

interface Field { readonly name: string; readonly number: number; readonly type: string }
const known = new Map<string, readonly Field[]>()
function fieldsOf(message: string): readonly Field[] {
  let fields = known.get(message)
  if (!fields) {
    known.set(message, fields = messages[message].split(';').map(text => {
      const [name, number, type] = text.split(' ')
      return { name, number: Number(number), type }
    }))
  }
  return fields
}

const LENGTH_DELIMITED = 2, VARINT = 0, FIXED64 = 1
type Write = (writer: BinaryWriter) => void
const nested = (writer: BinaryWriter, number: number, write: Write): void => {
  writer.tag(number, LENGTH_DELIMITED).fork()
  write(writer)
  writer.join()
}
const text = (writer: BinaryWriter, number: number, value: string): void => { writer.tag(number, LENGTH_DELIMITED).string(value) }

/** Those whose form in JSON is another than that of their fields. */
const others: Readonly<Record<string, (writer: BinaryWriter, value: any) => void>> = {
  Paths(writer, paths) { named(writer, 2, paths, 'PathItem') },
  Responses(writer, responses) {
    for (const [code, response] of Object.entries(responses)) {
      nested(writer, 1, w => { text(w, 1, code); nested(w, 2, inner => nested(inner, 1, r => message(r, response, 'Response'))) })
    }
  },
  Requirement(writer, requirement: Readonly<Record<string, readonly string[]>>) {
    for (const [name, values] of Object.entries(requirement)) {
      nested(writer, 1, w => { text(w, 1, name); nested(w, 2, inner => { for (const value of values) text(inner, 1, value) }) })
    }
  },
  Parameter(writer, parameter) {
    if (parameter.in === 'body') nested(writer, 1, w => message(w, parameter, 'BodyParameter'))
    else nested(writer, 2, w => nested(w, parameter.in === 'path' ? 4 : 3, p => message(p, parameter, parameter.in === 'path' ? 'PathParameter' : 'QueryParameter')))
  },
  ParametersItem(writer, item) {
    if (item.$ref === undefined) nested(writer, 1, w => others.Parameter(w, item))
    else nested(writer, 2, w => message(w, item, 'Reference'))
  },
  Types(writer, type: string) { text(writer, 1, type) },
  AdditionalProperties(writer, value) {
    if (typeof value === 'boolean') writer.tag(2, VARINT).bool(value)
    else nested(writer, 1, w => message(w, value, 'Schema'))
  },
  // any data is a text of YAML, and JSON is one
  any(writer, value) { text(writer, 2, `${JSON.stringify(value)}\n`) },
}

function message(writer: BinaryWriter, value: any, type: string): void {
  const own = others[type]
  if (own) { own(writer, value); return }
  for (const { name, number, type: kind } of fieldsOf(type)) {
    if (name === '.') nested(writer, number, w => message(w, value, kind))
    else if (name === 'x-') named(writer, number, Object.fromEntries(Object.entries(value).filter(([key]) => key.startsWith('x-'))), 'any')
    else if (value[name] !== undefined) field(writer, number, value[name], kind)
  }
}
function named(writer: BinaryWriter, number: number, values: Readonly<Record<string, any>>, type: string): void {
  for (const [name, value] of Object.entries(values)) nested(writer, number, w => { text(w, 1, name); nested(w, 2, inner => message(inner, value, type)) })
}
function field(writer: BinaryWriter, number: number, value: any, type: string): void {
  if (type.startsWith('*')) { for (const one of value) field(writer, number, one, type.slice(1)); return }
  if (type.startsWith('{}')) { nested(writer, number, w => named(w, 1, value, type.slice(2))); return }
  switch (type) {
    case 'string': text(writer, number, value); break
    case 'bool': writer.tag(number, VARINT).bool(value); break
    case 'int': writer.tag(number, VARINT).int64(value); break
    case 'double': writer.tag(number, FIXED64).double(value); break
    default: nested(writer, number, w => message(w, value, type))
  }
}

const written = new WeakMap<object, Uint8Array>()
export function inProtobuf(document: any): Uint8Array {
  let bytes = written.get(document)
  if (!bytes) {
    const writer = new BinaryWriter()
    message(writer, document, 'Document')
    written.set(document, bytes = writer.finish())
  }
  return bytes
}
