import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import { parseManifest } from '../manifests.ts'
import { generate } from './generate.ts'
import { contentHash } from './name-hash.ts'
import { followNames } from './references.ts'
import { rename, resourceOf, type Resource } from './resource.ts'
import { transform } from './transform.ts'

/** What a build reads and tells. Paths are relative to the feature file, as those of `-f`. */
export interface Surroundings { readonly readFile: (path: string) => string | undefined; readonly warn: (line: string) => void }

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const known = [
  'apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components', 'namespace', 'namePrefix', 'nameSuffix', 'labels', 'commonLabels', 'commonAnnotations',
  'images', 'replicas', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'configMapGenerator', 'secretGenerator', 'generatorOptions', 'buildMetadata',
]
const without = [
  'buildMetadata', 'helmCharts', 'helmChartInflationGenerator', 'helmGlobals', 'vars', 'replacements', 'transformers', 'generators', 'validators',
  'configurations', 'crds', 'openapi', 'sortOptions',
]
const deprecated = [['commonLabels', 'labels'], ['patchesStrategicMerge', 'patches'], ['patchesJson6902', 'patches'], ['bases', 'resources']]

/** The objects of a kustomization, in order. Sources: kustomize api/krusty/kustomizer.go, api/internal/target/kusttarget.go. */
export function buildKustomization(folder: string, surroundings: Surroundings): readonly any[] {
  const root = normalise(folder)
  const resources = accumulate(root, [], surroundings, [])
  for (const r of resources) if (r.hashed) rename(r, `${r.object.metadata.name}-${contentHash(r.object, '')}`)
  followNames(resources)
  return inOrder(resources).map(r => r.object)
}

function accumulate(folder: string, given: Resource[], surroundings: Surroundings, above: readonly string[]): Resource[] {
  const k = readKustomization(folder, surroundings)
  if (above.includes(folder)) {
    throw failure(
      `accumulating resources: accumulation err='accumulating resources from '${folder}'': cycle detected: candidate root '${folder}' contains visited root '${folder}'`
    )
  }
  const read = (path: string): string => {
    const content = surroundings.readFile(normalise(`${folder}/${path}`))
    if (content === undefined) throw missingFile(path, normalise(`${folder}/${path}`))
    return content
  }
  let all = [...given]
  for (const path of [...k.resources ?? [], ...k.bases ?? []] as string[]) {
    if (/^(https?|git|ssh):|^github\.com\/|[?&]ref=/.test(path)) throw new NotModelled(`a kustomization that reads ${path}: there is no internet in the model`)
    const place = normalise(`${folder}/${path}`), text = surroundings.readFile(place)
    const found = text !== undefined ? objectsIn(text, path)
      : hasKustomization(place, surroundings) ? accumulate(place, [], surroundings, [...above, folder])
      : undefined
    if (!found) {
      const why = missingFile(path, place).message.replace(/^error: |\n$/g, '')
      throw failure(
        `accumulating resources: accumulation err='accumulating resources from '${path}': ${why}': must build at directory: not a valid directory: ${why}`
      )
    }
    for (const r of found) { refuseTwice(all, r, path); all.push(r) }
  }
  all = generate(all, k, read)
  for (const path of (k.components ?? []) as string[]) all = accumulate(normalise(`${folder}/${path}`), all, surroundings, [...above, folder])
  all = transform(all, k, read)
  followNames(all)
  return all
}
function refuseTwice(all: readonly Resource[], { object }: Resource, path: string): void {
  const idOf = ({ apiVersion, kind, metadata }: any): string => [apiVersion, kind, metadata?.namespace ?? '', metadata?.name].join('|')
  if (all.some(o => idOf(o.object) === idOf(object))) {
    throw failure(
      `accumulating resources: accumulation err='merging resources from '${path}': may not add resource with an already registered id: ${object.kind}.${object.apiVersion.split('/').reverse().join('.')}${object.apiVersion.includes('/') ? '' : '.[noGrp]'}/${object.metadata?.name}.${object.metadata?.namespace ?? '[noNs]'}'`
    )
  }
}
const missingFile = (path: string, place: string): Error => failure(`evalsymlink failure on '${place}' : lstat ${place}: no such file or directory`)
const objectsIn = (text: string, path: string): Resource[] =>
  parseManifest(text, path).flatMap(o => o.kind === 'List' && Array.isArray(o.items) ? o.items : [o]).map(o => resourceOf(o))
const hasKustomization = (folder: string, { readFile }: Surroundings): boolean => fileNames.some(name => readFile(normalise(`${folder}/${name}`)) !== undefined)

function readKustomization(folder: string, { readFile, warn }: Surroundings): any {
  const text = fileNames.map(name => readFile(normalise(`${folder}/${name}`))).find(t => t !== undefined)
  if (text === undefined) {
    throw failure(`must build at directory: not a valid directory: evalsymlink failure on '${folder}' : lstat ${folder}: no such file or directory`)
  }
  const [k = {}] = parseManifest(text, folder)
  const missing = Object.keys(k).find(field => without.includes(field))
  if (missing) throw new NotModelled(`${missing} in a kustomization`)
  const odd = Object.keys(k).find(field => !known.includes(field))
  if (odd) throw failure(`invalid Kustomization: json: unknown field ${JSON.stringify(odd)}`)
  for (const [old, now] of deprecated) {
    if (k[old] !== undefined) {
      warn(`# Warning: '${old}' is deprecated. Please use '${now}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`)
    }
  }
  return k
}
/** `a/./b/../c` → `a/c` */
function normalise(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..')
      out.pop(); else if (part !== '.' && (part !== '' || out.length === 0 && path.startsWith('/'))) out.push(part)
  }
  return out.join('/') || '.'
}

const first = [
  'Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy', 'Role', 'ClusterRole', 'RoleBinding',
  'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume', 'PersistentVolumeClaim', 'Deployment',
  'StatefulSet', 'CronJob', 'PodDisruptionBudget',
]
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']
/** What others need comes first. Source: kustomize api/internal/builtins/SortOrderTransformer.go ("legacy"), kyaml/resid/gvk.go. */
function inOrder(resources: readonly Resource[]): Resource[] {
  const rank = (kind: string): number => first.includes(kind) ? first.indexOf(kind) - first.length : last.includes(kind) ? last.indexOf(kind) + 1 : 0
  const text = ({ object: { apiVersion, kind, metadata } }: Resource): string => {
    const [version, group = '~G'] = String(apiVersion).split('/').reverse()
    return `${group}_${version}_${kind}|${metadata.namespace ?? '~X'}|${metadata.name}`
  }
  return [...resources].sort((a, b) => rank(a.object.kind) - rank(b.object.kind) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}
