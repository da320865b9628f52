import type { StepParser } from '../dsl/parse-step.ts'
import { fileReader } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'
import { gatewayWords } from '../runtime-model/nginx-gateway-fabric/index.ts'
import { snapshotWords } from '../runtime-model/snapshot-controller/index.ts'

/**
 * Kinds of custom resources in sentences: a feature may say `discount summer` once a CustomResourceDefinition stands in one of its doc strings or in a
 * file that it names, and of snapshots and gateways once it says that they are installed. Elsewhere a custom kind is said with its group:
 * `discount.bookstore.example.com summer`.
 */
const parsers = new WeakMap<StepParser, Map<string, StepParser>>()

export function parserFor(parser: StepParser, file: string, text: string, files: Files | undefined, manifests: readonly string[] = []): StepParser {
  // most files name neither a file nor a definition
  if (!/CustomResourceDefinition|\.ya?ml|\.json|snapshot controller|Gateway API/.test(text)) return parser
  const words = customKindsIn(text, files && fileReader(files, file, manifests))
  if (words.length === 0 || !parser.knowing) return parser
  const known = parsers.get(parser) ?? new Map<string, StepParser>(), key = words.join(' ')
  parsers.set(parser, known)
  let own = known.get(key)
  if (!own) known.set(key, own = parser.knowing(new Set(words)))
  return own
}

/** Names that definitions give, in lower case, in alphabetical order. */
export function customKindsIn(text: string, read: ((path: string) => string | undefined) | undefined): readonly string[] {
  const named = read ? [...new Set([...text.matchAll(/[\w./-]+\.(?:ya?ml|json)\b/g)].map(m => m[0]))].flatMap(path => read(path) ?? []) : []
  return [...new Set([
    ...text.includes('the snapshot controller is installed') ? snapshotWords : [], ...text.includes('the Gateway API is installed') ? gatewayWords : [],
    ...[text, ...named].flatMap(namesIn),
  ])].sort()
}
const namesIn = (text: string): string[] => text.split('CustomResourceDefinition').slice(1).flatMap(after => {
  const [document] = after.split(/^\s*(?:---|""")/m, 1)
  const said = [...document.matchAll(/["']?\b(plural|singular|kind|shortNames)["']?:\s*(\[[^\]]*\]|["']?[A-Za-z][\w-]*)/g)]
  return said.flatMap(([, , value]) => value.replace(/[[\]"']/g, '').split(',')).map(w => w.trim().toLowerCase()).filter(w => /^[a-z][a-z0-9-]*$/.test(w))
})
