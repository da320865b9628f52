import { sha256 } from '../../../base/sha256.ts'
import { toCompactJson } from '../printers/json.ts'

const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }
/** Ten characters of a hash that spell no word. Source: kubectl pkg/util/hash/hash.go, kustomize api/hasher/hasher.go. */
const encode = (hex: string): string => [...hex.slice(0, 10)].map(c => letters[c] ?? c).join('')

/** The suffix of a ConfigMap or Secret by what it holds; `name` is part of it. Same sources. */
export function contentHash(object: any, name: string): string {
  const { kind, type, data, binaryData, stringData } = object
  return encode(sha256(toCompactJson(
    kind === 'Secret'
      ? { kind, type: type ?? '', name, data: data ?? '', ...stringData ? { stringData } : {} }
      : { kind, name, data: data ?? '', ...binaryData ? { binaryData } : {} }
  )))
}
