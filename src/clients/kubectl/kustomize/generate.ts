import { bytesOf, isBinary } from '../../../base/text-of-bytes.ts'
import { failure } from '../errors.ts'
import type { Read } from './build.ts'
import { resourceOf, type Resource } from './resource.ts'

/** ConfigMaps and Secrets that a kustomization makes, or adds to what lies below it. Source: kustomize api/internal/generators, api/kv. */
export function generate(resources: Resource[], k: any, read: Read): Resource[] {
  const all = [...resources]
  for (const [kind, list] of [['ConfigMap', k.configMapGenerator], ['Secret', k.secretGenerator]] as const) {
    for (const generator of list ?? []) {
      const made = {
        object: objectOf(kind, generator, k.generatorOptions, read),
        hashed: !(generator.options?.disableNameSuffixHash ?? k.generatorOptions?.disableNameSuffixHash ?? false),
      }
      const behavior = generator.behavior ?? 'create'
      const old = all.find(r => r.object.kind === kind && r.names.has(generator.name) && (!generator.namespace || r.namespaces.has(generator.namespace)))
      if (behavior === 'create') {
        if (old) throw failure(`merging from generator: id resid.ResId{Name:${JSON.stringify(generator.name)}} exists; behavior must be merge or replace`)
        all.push(resourceOf(made.object, made.hashed))
      } else if (behavior === 'merge' || behavior === 'replace') {
        if (!old) throw failure(`merging from generator: id resid.ResId{Name:${JSON.stringify(generator.name)}} does not exist; cannot merge or replace`)
        const { metadata } = old.object, own = made.object.metadata
        const labels = { ...metadata.labels, ...own.labels }, annotations = { ...metadata.annotations, ...own.annotations }
        old.object = {
          ...made.object, ...behavior === 'merge' ? merged(old.object, made.object) : {},
          metadata: { ...metadata, ...Object.keys(labels).length ? { labels } : {}, ...Object.keys(annotations).length ? { annotations } : {} },
        }
        old.hashed ||= made.hashed
      } else throw failure(`unknown behavior ${JSON.stringify(behavior)}`)
    }
  }
  return all
}

const merged = (old: any, own: any): object => ({
  ...ifAny('data', { ...old.data, ...own.data }), ...ifAny('binaryData', { ...old.binaryData, ...own.binaryData }),
})
const base64 = (value: string): string => Buffer.from(bytesOf(value)).toString('base64')
const ifAny = (field: string, data: Readonly<Record<string, string>>): object => Object.keys(data).length ? { [field]: data } : {}
/** What is no text stands apart in a ConfigMap. Source: kustomize api/internal/generators/utils.go (makeConfigMapValueRNode) */
function inTwo(data: Readonly<Record<string, string>>): object {
  const all = Object.entries(data), binary = all.filter(([, value]) => isBinary(value)).map(([key, value]) => [key, base64(value)])
  return { ...ifAny('data', Object.fromEntries(all.filter(([, value]) => !isBinary(value)))), ...ifAny('binaryData', Object.fromEntries(binary)) }
}
function objectOf(
  kind: 'ConfigMap' | 'Secret', { name, namespace, literals = [], files = [], envs = [], env, options, type }: any, general: any, read: Read
): any {
  const data: Record<string, string> = {}
  const put = (key: string, value: string): void => {
    if (Object.hasOwn(data, key)) throw failure(`configmap ${name} illegally repeats the key \`${key}\``)
    data[key] = kind === 'Secret' ? base64(value) : value
  }
  const variables: string[] = [...env ? [env] : [], ...envs], about = (what: string, list: readonly string[]): string => `loading KV pairs: ${what}: [${list.join(' ')}]: `
  for (const path of variables) {
    for (const line of read(path, about('env source files', variables)).split(/\r?\n/)) {
      if (line.trim() && !line.trimStart().startsWith('#')) { const [key, ...rest] = line.trimStart().split('='); put(key, rest.join('=')) }
    }
  }
  for (const source of files) {
    const at = source.indexOf('='), path = source.slice(at + 1)
    put(at < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, at), read(path, about('file sources', files)))
  }
  for (const literal of literals) {
    const at = String(literal).indexOf('=')
    if (at <= 0) throw failure(`invalid literal source ${literal}, expected key=value`)
    put(literal.slice(0, at), literal.slice(at + 1).replace(/^(['"])([\s\S]*)\1$/, '$2'))
  }
  const labels = { ...general?.labels, ...options?.labels }, annotations = { ...general?.annotations, ...options?.annotations }
  const immutable = options?.immutable ?? general?.immutable
  const metadata = {
    name, ...namespace ? { namespace } : {}, ...Object.keys(labels).length ? { labels } : {}, ...Object.keys(annotations).length ? { annotations } : {},
  }
  return {
    apiVersion: 'v1', kind, metadata, ...kind === 'Secret' ? ifAny('data', data) : inTwo(data), ...immutable ? { immutable } : {},
    ...kind === 'Secret' ? { type: type || 'Opaque' } : {},
  }
}
