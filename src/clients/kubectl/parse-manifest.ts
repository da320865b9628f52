import { manifestYaml } from '../../base/manifest-yaml.ts'
import { NotModelled } from '../errors.ts'
import { failure } from './errors.ts'
import { documentsOf, mapAsKey, yamlWords } from './yaml-words.ts'

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
function documentsIn(content: string, source: string): { readonly objects: readonly any[]; readonly error?: unknown } {
  const whole = manifestYaml(content), objects: any[] = []
  if (!('error' in whole)) {
    const odd = content.includes('{{') ? mapAsKey(whole.objects) : undefined
    return odd === undefined
      ? whole
      : {
        objects: [],
        error: failure(
          `error parsing ${source}: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{${JSON.stringify(odd)}:interface {}(nil)}`
        ),
      }
  }
  for (const document of documentsOf(content)) {
    const read = manifestYaml(document)
    if ('error' in read) {
      return {
        objects,
        error: failure(
          `error parsing ${source}: error converting YAML to JSON: yaml: ${read.error.line === undefined ? read.error.message : yamlWords(document, read.error)}`
        ),
      }
    }
    objects.push(...read.objects)
  }
  return { objects }
}
