import { isAlias, isCollection, isMap, isScalar, parseAllDocuments, type CollectionTag, type ScalarTag } from 'yaml'
import { sortedKeys } from './sorted-keys.ts'
import { textOfBase64 } from './text-of-bytes.ts'

type Tag = ScalarTag | CollectionTag
/** Words that YAML 1.1 reads as times or sets and Kubernetes' reader does not, and forms of numbers that the library takes too widely (`.`, `e2`). */
const foreign = /:(timestamp|set|omap|pairs|binary)$/
const decimal: ScalarTag = {
  tag: 'tag:yaml.org,2002:float', default: true, identify: value => typeof value === 'number',
  test: /^[-+]?(?:\.\d[\d_]*|\d[\d_]*\.[\d_]*|(?:\.\d[\d_]*|\d[\d_]*\.?[\d_]*)[eE][-+]?\d+)$/, resolve: text => Number(text.replaceAll('_', '')),
}
/** a form of YAML 1.2 that Go's reader of 1.1 takes too. Source: sigs.k8s.io/yaml goyaml.v2 resolve.go */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int', default: true, identify: () => false, test: /^[-+]?0o[0-7_]+$/,
  resolve: text => (text.startsWith('-') ? -1 : 1) * parseInt(text.replace(/^[-+]?0o|_/g, ''), 8),
}
/** what is said to be bytes is the text that they are */
const bytes: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary', identify: () => false,
  resolve: text => textOfBase64(text.replace(/\s/g, '')),
}
const isDecimal = (tag: Tag): boolean => tag.tag === decimal.tag && 'test' in tag && (tag.test?.test('1.5') || tag.test?.test('1e5')) === true
const tags = (known: readonly Tag[]): Tag[] =>
  [...known.filter(t => !foreign.test(t.tag) && !('format' in t && t.format === 'TIME') && !isDecimal(t)), decimal, octal, bytes]

/** What the first document that is no YAML has against it; line from 1, where it has one. */
export interface YamlError { readonly line?: number; readonly message: string; /** it is YAML, and cannot be JSON */ readonly isYaml?: true }
export type ManifestYaml = { readonly objects: readonly any[] } | { readonly error: YamlError }

/** The same manifest is read when its step is bound, when it is linted and in each scenario: so many texts are remembered with what they say. */
const remembered = 200, read = new Map<string, ManifestYaml>()

/**
 * The documents of a manifest, with YAML as Go's yaml.v2 reads it (1.1: `yes` is true; of a key that is there twice the last one holds), and keys in order,
 * since kubectl sends them so: of several mistakes an API server tells the first. Empty ones are left out. Never to be changed. Source: sigs.k8s.io/yaml
 * (YAMLToJSON)
 */
export function manifestYaml(text: string): ManifestYaml {
  let found = read.get(text)
  if (found) return found
  if (read.size >= remembered) read.delete(read.keys().next().value!)
  read.set(text, found = parse(text))
  return found
}

function parse(text: string): ManifestYaml {
  const documents = parseAllDocuments(text, {
    version: '1.1', customTags: known => tags(known as Tag[]) as never, logLevel: 'silent', merge: true, uniqueKeys: false,
  })
  const objects: any[] = []
  if ('empty' in documents) return { objects }
  for (const document of documents) {
    const [error] = document.errors
    if (error) {
      return {
        error: {
          line: error.linePos?.[0].line ?? 1,
          message: /^Tabs/.test(error.message) ? 'found character that cannot start any token' : error.message.split('\n')[0].replace(/ at line \d+.*$/, ''),
        },
      }
    }
    const unfit = noJson(document.contents)
    if (unfit !== undefined) return { error: { message: unfit, isYaml: true } }
    let object: unknown
    // an alias without its anchor; Source: yaml.v2 decode.go
    try {
      object = document.toJS()
    } catch (thrown) {
      return {
        error: {
          message: /: (\S+)$/.exec((thrown as Error).message)?.[1].replace(/.*/, name => `unknown anchor '${name}' referenced`) ?? (thrown as Error).message,
        },
      }
    }
    if (object !== null && object !== undefined) objects.push(sortedKeys(object))
  }
  return { objects }
}

/**
 * Why what a document says cannot be JSON: keys that are lists or maps, which Go's parser has something against, then a key that is nothing, then numbers
 * without end. Sources: sigs.k8s.io/yaml yaml.go (convertToJSONableObject), goyaml.v2 decode.go (mapping), encoding/json (floatEncoder)
 */
function noJson(root: unknown): string | undefined {
  let nothing: string | undefined, endless: string | undefined
  const look = (node: unknown): string | undefined => {
    if (isScalar(node) && typeof node.value === 'number' && !Number.isFinite(node.value)) {
      endless ??= `json: unsupported value: ${Number.isNaN(node.value) ? 'NaN' : node.value > 0 ? '+Inf' : '-Inf'}`
    }
    if (!isCollection(node)) return undefined
    for (const item of node.items as any[]) {
      if (isMap(node)) {
        if (isCollection(item.key)) return `yaml: invalid map key: ${inGo(item.key)}`
        const isNothing = item.key === null || isScalar(item.key) && item.key.value === null
        if (isNothing) nothing ??= `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${inGo(item.value)}`
      }
      const found = look(isMap(node) ? item.value : item)
      if (found !== undefined) return found
    }
    return undefined
  }
  return look(root) ?? nothing ?? endless
}
/** A value as Go writes it down. Source: fmt (%#v) */
function inGo(node: unknown): string {
  if (isMap(node)) return `map[interface {}]interface {}{${node.items.map(({ key, value }) => `${inGo(key)}:${inGo(value)}`).sort().join(', ')}}`
  if (isCollection(node)) return `[]interface {}{${node.items.map(inGo).join(', ')}}`
  const value = isScalar(node) ? node.value : isAlias(node) ? node.source : node
  return value === null || value === undefined ? 'interface {}(nil)' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}
