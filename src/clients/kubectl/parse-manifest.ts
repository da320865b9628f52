import { manifestYaml, type YamlError } from '../../base/manifest-yaml.ts'
import { NotModelled } from '../errors.ts'
import { failure } from './errors.ts'
import { documentsOf, jsonValues } from './yaml/documents.ts'
import { yamlMistake } from './yaml/parser.ts'

/** The documents of a manifest, empty ones left out. Never to be changed. */
export function parseManifest(content: string, source: string): readonly any[] {
  const read = readYaml(content, source)
  if (read.error !== undefined) throw read.error
  return read.objects
}
/** What was read of a text, if its numbers are those that stand there. */
export function exact<T>(value: T, text: string): T {
  const found = /\d{16}/.test(text) ? inexact(value) : undefined
  if (found !== undefined) throw new NotModelled(`an integer of the size of ${found}: beyond 2^53 they are not exact here`)
  return value
}
/** Of schemas it is a bound that no value comes near. */
function inexact(value: any): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'object' || value === null || value.kind === 'CustomResourceDefinition') return undefined
  for (const inner of Object.values(value)) { const found = inexact(inner); if (found !== undefined) return found }
  return undefined
}
/** The documents up to the first that cannot be read, each read by itself. */
export function readYaml(content: string, source: string): { readonly objects: readonly any[]; readonly error?: unknown } {
  const read = documentsIn(content, source)
  exact(read.objects, content)
  return read
}
interface Read { readonly objects: readonly any[]; readonly error?: unknown }
function documentsIn(content: string, source: string): Read {
  const whole = manifestYaml(content)
  if (!('error' in whole) && !isOdd(content)) return whole
  const json = jsonValues(content), { objects, error } = json.ended ? { objects: [], error: undefined } : yamlDocuments(json.rest, source)
  // what has begun as JSON and is no YAML either is told as JSON; Source: apimachinery pkg/util/yaml/decoder.go (YAMLOrJSONDecoder)
  const told = json.cut ? failure(`error parsing ${source}: unexpected EOF`)
    : error !== undefined && objects.length === 0 && json.wrong !== undefined ? failure(`error parsing ${source}: ${json.wrong}`) : error
  return { objects: [...json.objects, ...json.cut ? [] : objects], ...told === undefined ? {} : { error: told } }
}
/** Where Go's parser may stop though the library reads on: indicators in brackets, directives, separators. */
const isOdd = (content: string): boolean => /^%|^---\S|[{[][^]*\?|[\s,[{]:\S/m.test(content)

function yamlDocuments(content: string, source: string): Read {
  const objects: any[] = [], { documents, separator } = documentsOf(content)
  for (const document of documents) {
    const said = yamlMistake(document), read = said === undefined ? manifestYaml(document) : undefined
    if (read && !('error' in read)) { objects.push(...read.objects); continue }
    const { isYaml, message } = (read as { error: YamlError } | undefined)?.error ?? { message: said! }
    return { objects, error: failure(`error parsing ${source}: error converting YAML to JSON: ${isYaml ? '' : 'yaml: '}${message}`) }
  }
  return { objects, ...separator === undefined ? {} : { error: failure(`error parsing ${source}: invalid Yaml document separator: ${separator}`) } }
}
