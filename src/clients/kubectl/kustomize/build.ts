import { NotModelled } from '../../errors.ts'
import { Exit, failure } from '../errors.ts'
import { parseManifest } from '../parse-manifest.ts'
import { generate } from './generate.ts'
import { contentHash } from './name-hash.ts'
import { followNames } from './references.ts'
import { rename, resourceOf, type Resource } from './resource.ts'
import { replaced } from './replacements.ts'
import { transform } from './transform.ts'

/** What a build reads and tells. Paths are relative to the feature file, as those of `-f`. */
export interface Surroundings {
  readonly readFile: (path: string) => string | undefined
  readonly listFiles?: (folder: string, deep: boolean) => readonly string[] | undefined
  readonly warn: (line: string) => void
  /** files may lie outside of the folder that names them (`--load-restrictor=LoadRestrictionsNone`) */
  readonly anywhere?: boolean
}
/** Reads a file that a kustomization names; `about` introduces why it cannot. */
export type Read = (path: string, about?: string) => string

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const known = [
  'apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components', 'namespace', 'namePrefix', 'nameSuffix', 'labels', 'commonLabels', 'commonAnnotations',
  'images', 'replicas', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'configMapGenerator', 'secretGenerator', 'generatorOptions', 'buildMetadata',
  'replacements',
]
const without = [
  'buildMetadata', 'helmCharts', 'helmChartInflationGenerator', 'helmGlobals', 'vars', 'transformers', 'generators', 'validators',
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
  const read: Read = (path, about = '') => {
    const place = normalise(`${folder}/${path}`), content = surroundings.readFile(place)
    if (content === undefined) throw failure(`${about}${missing(place)}`)
    if (!surroundings.anywhere && !isIn(place, folder)) throw failure(`${about}${outside(place, folder)}`)
    return content
  }
  let all = [...given]
  for (const path of [...k.resources ?? [], ...k.bases ?? []] as string[]) {
    if (/^(https?|git|ssh):|^github\.com\/|[?&]ref=/.test(path)) throw new NotModelled(`a kustomization that reads ${path}: there is no internet in the model`)
    const found = resourcesAt(path, folder, surroundings, above)
    for (const r of found) { refuseTwice(all, r, path); all.push(r) }
  }
  all = generate(all, k, read)
  for (const path of (k.components ?? []) as string[]) {
    const place = normalise(`${folder}/${path}`)
    if (!isFolder(place, surroundings)) {
      throw failure(`accumulating components: loader.New ${JSON.stringify(`must build at directory: not a valid directory: ${missing(place)}`)}`)
    }
    all = accumulate(place, all, surroundings, [...above, folder])
  }
  all = transform(all, k, read)
  if (k.replacements) replaced(all, k.replacements, read)
  followNames(all)
  return all
}
/** A file, or a folder with a kustomization of its own. Source: kustomize api/internal/target/kusttarget.go (accumulateResources). */
function resourcesAt(path: string, folder: string, surroundings: Surroundings, above: readonly string[]): Resource[] {
  const place = normalise(`${folder}/${path}`), text = surroundings.readFile(place)
  const lost = (why: string, then: string): Error =>
    failure(`accumulating resources: accumulation err='accumulating resources from '${path}': ${why}': ${then}`)
  if (text !== undefined) {
    if (!surroundings.anywhere && !isIn(place, folder)) throw lost(outside(place, folder), `must build at directory: '${place}': file is not directory`)
    return objectsIn(text, path)
  }
  if (!isFolder(place, surroundings)) throw lost(missing(place), `must build at directory: not a valid directory: ${missing(place)}`)
  const noFile = `'${place}' must resolve to a file`
  if (place === folder || above.includes(place)) {
    throw lost(noFile, `cycle detected: candidate root '${place}' contains visited root '${place}'`)
  }
  if (!hasKustomization(place, surroundings)) throw lost(noFile, `couldn't make target for path '${place}': ${noKustomization(place)}`)
  try { return accumulate(place, [], surroundings, [...above, folder]) } catch (error) {
    throw error instanceof Exit ? lost(noFile, `recursed accumulation of path '${place}': ${whyOf(error)}`) : error
  }
}
const whyOf = ({ message }: Exit): string => message.replace(/^error: |\n$/g, '')
const isIn = (place: string, folder: string): boolean => folder === '.' ? !/^(\/|\.\.(\/|$))/.test(place) : place.startsWith(`${folder}/`)
const outside = (place: string, folder: string): string => `security; file '${place}' is not in or below '${folder}'`
const isFolder = (place: string, surroundings: Surroundings): boolean =>
  place === '.' || hasKustomization(place, surroundings) || surroundings.listFiles?.(place, true) !== undefined
const noKustomization = (folder: string): string => `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`
function refuseTwice(all: readonly Resource[], { object }: Resource, path: string): void {
  const idOf = ({ apiVersion, kind, metadata }: any): string => [apiVersion, kind, metadata?.namespace ?? '', metadata?.name].join('|')
  if (all.some(o => idOf(o.object) === idOf(object))) {
    throw failure(
      `accumulating resources: accumulation err='merging resources from '${path}': may not add resource with an already registered id: ${object.kind}.${object.apiVersion.split('/').reverse().join('.')}${object.apiVersion.includes('/') ? '' : '.[noGrp]'}/${object.metadata?.name}.${object.metadata?.namespace ?? '[noNs]'}'`
    )
  }
}
const missing = (place: string): string => `evalsymlink failure on '${place}' : lstat ${place}: no such file or directory`
const objectsIn = (text: string, path: string): Resource[] =>
  parseManifest(text, path).flatMap(o => o.kind === 'List' && Array.isArray(o.items) ? o.items : [o]).map(o => resourceOf(o))
const hasKustomization = (folder: string, { readFile }: Surroundings): boolean => fileNames.some(name => readFile(normalise(`${folder}/${name}`)) !== undefined)

/** what is no YAML here is told in kustomize's own way */
function readParts(text: string, folder: string): readonly any[] {
  try { return parseManifest(text, folder) } catch (error) {
    if (!(error instanceof Exit)) throw error
    throw failure(error.stderr.trimEnd().replace(/^error: error parsing .*? error converting YAML to JSON: /, 'invalid Kustomization: '))
  }
}
function readKustomization(folder: string, surroundings: Surroundings): any {
  const { readFile, warn } = surroundings
  const text = fileNames.map(name => readFile(normalise(`${folder}/${name}`))).find(t => t !== undefined)
  if (text === undefined) {
    throw failure(
      readFile(folder) !== undefined ? `must build at directory: '${folder}': file is not directory`
        : isFolder(folder, surroundings) ? noKustomization(folder)
        : `must build at directory: not a valid directory: ${missing(folder)}`
    )
  }
  const [k = {}] = readParts(text, folder)
  const absent = Object.keys(k).find(field => without.includes(field))
  if (absent) throw new NotModelled(`${absent} in a kustomization`)
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
