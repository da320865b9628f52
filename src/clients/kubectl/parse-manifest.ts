import { manifestYaml } from '../../base/manifest-yaml.ts'
import { failure } from './errors.ts'
import { documentsOf, mapAsKey, yamlWords } from './yaml-words.ts'

/** The documents of a manifest, empty ones left out. Never to be changed. */
export function parseManifest(content: string, source: string): readonly any[] {
  const read = readYaml(content, source)
  if (read.error !== undefined) throw read.error
  return read.objects
}
/** The documents up to the first that cannot be read, each read by itself. */
export function readYaml(content: string, source: string): { readonly objects: readonly any[]; readonly error?: unknown } {
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
