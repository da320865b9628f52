import { parseLabelSelector } from '../../../runtime-model/api/selectors.ts'
import { failure } from '../errors.ts'
import { groupVersion } from '../kinds.ts'
import { parseManifest } from '../parse-manifest.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Read } from './build.ts'
import { mergeStrategically, patchJson } from './patches.ts'
import { isNamespaced, pathTo, podSpecOf, rename, templateOf, update, type Resource } from './resource.ts'

/**
 * What a kustomization does to the objects below it, in kustomize's order. Source: kustomize api/internal/target/kusttarget_configplugin.go and api/filters.
 */
type Kustomization = any
/** Source: kustomize api/internal/target/kusttarget_configplugin.go, builtins (PatchTransformer, PatchStrategicMergeTransformer) */
const trouble = (transformer: string, config: object, why = ''): string => `trouble configuring builtin ${transformer} with config: \`\n${toYaml(config)}\`: ${why}`
const readPatch = (patch: any, read: Read): string =>
  patch.patch ?? read(patch.path, trouble('PatchTransformer', patch, `failed to get the patch file from path(${patch.path}): `))

export function transform(resources: Resource[], k: Kustomization, read: Read): Resource[] {
  let all = resources
  const merging = trouble('PatchStrategicMergeTransformer', { paths: k.patchesStrategicMerge })
  for (const patch of k.patchesStrategicMerge ?? []) {
    for (const document of parseManifest(String(patch).includes('\n') ? patch : read(patch, merging), String(patch))) all = byOwnName(all, document)
  }
  for (const patch of k.patches ?? []) all = patched(all, patch, readPatch(patch, read))
  for (const r of all) {
    if (k.namespace) inNamespace(r, k.namespace)
    if ((k.namePrefix || k.nameSuffix) && !['Namespace', 'CustomResourceDefinition', 'APIService'].includes(r.object.kind)) {
      rename(r, `${k.namePrefix ?? ''}${r.object.metadata.name}${k.nameSuffix ?? ''}`)
    }
    if (k.commonLabels) r.object = labelled(r.object, k.commonLabels, 'selectors')
    for (const l of k.labels ?? []) r.object = labelled(r.object, l.pairs, l.includeSelectors ? 'selectors' : l.includeTemplates ? 'templates' : 'metadata')
    if (k.commonAnnotations) r.object = annotated(r.object, k.commonAnnotations)
  }
  for (const patch of k.patchesJson6902 ?? []) all = patched(all, patch, patch.patch ?? read(patch.path))
  for (const r of all) {
    for (const { name, count } of k.replicas ?? []) {
      if (r.names.has(name) && ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].includes(r.object.kind)) {
        r.object = update(r.object, ['spec', 'replicas'], () => count, true)
      }
    }
    for (const image of k.images ?? []) {
      for (const list of ['containers', 'initContainers']) {
        const pods = podSpecOf(r.object.kind)
        if (pods) r.object = update(r.object, [...pathTo(pods), list, '[]', 'image'], old => newImage(old, image))
      }
    }
  }
  return all
}

function byOwnName(all: readonly Resource[], patch: any): Resource[] {
  const { kind, apiVersion, metadata } = patch, { group, version } = groupVersion(String(apiVersion))
  const id = `${kind}.${version}.${group || '[noGrp]'}/${metadata?.name}.${metadata?.namespace ?? '[noNs]'}`
  const matches = (r: Resource): boolean =>
    r.object.kind === kind && groupVersion(r.object.apiVersion).group === group && r.names.has(metadata?.name)
      && (!metadata.namespace || r.namespaces.has(metadata.namespace))
  if (!all.some(matches)) {
    throw failure(`no resource matches strategic merge patch ${JSON.stringify(id)}: no matches for Id ${id}; failed to find unique target for patch ${id}`)
  }
  return merged(all, matches, patch)
}
/** What a patch may not change: which object it is. */
function merged(all: readonly Resource[], matches: (r: Resource) => boolean, patch: any): Resource[] {
  return all.flatMap(r => {
    if (!matches(r)) return [r]
    const { name, namespace } = r.object.metadata, fresh = mergeStrategically(r.object, patch)
    if (fresh === undefined) return []
    const { namespace: _, ...metadata } = fresh.metadata ?? {}
    return [Object.assign(r, {
      object: {
        ...fresh, apiVersion: r.object.apiVersion, kind: r.object.kind, metadata: { ...metadata, name, ...namespace === undefined ? {} : { namespace } },
      },
    })]
  })
}
function patched(all: readonly Resource[], { target }: any, text: string): Resource[] {
  const [document] = parseManifest(text, 'patch')
  if (Array.isArray(document)) {
    if (!target) throw failure('must specify a target for JSON patch')
    for (const r of all) if (isTarget(r, target)) r.object = patchJson(r.object, document)
    return [...all]
  }
  return target ? merged(all, r => isTarget(r, target), document) : byOwnName(all, document)
}
function isTarget(r: Resource, target: any): boolean {
  const { group, version } = groupVersion(r.object.apiVersion)
  const fits = (pattern: string | undefined, ...values: readonly string[]): boolean => !pattern || values.some(v => new RegExp(`^(?:${pattern})$`).test(v))
  return fits(target.group, group) && fits(target.version, version) && fits(target.kind, r.object.kind) && fits(target.name, ...r.names)
    && fits(target.namespace, ...r.namespaces, r.object.metadata.namespace ?? 'default')
    && chosenBy(target.labelSelector, r.object.metadata.labels) && chosenBy(target.annotationSelector, r.object.metadata.annotations)
}
function chosenBy(selector: string | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  const parsed = parseLabelSelector(selector ?? '')
  if (parsed.error !== undefined) throw failure(parsed.error)
  return parsed.matches(labels)
}

function inNamespace(r: Resource, namespace: string): void {
  if (r.object.kind === 'Namespace') rename(r, namespace)
  else if (isNamespaced(r.object)) { r.object = { ...r.object, metadata: { ...r.object.metadata, namespace } }; r.namespaces.add(namespace) }
  if (/RoleBinding$/.test(r.object.kind)) {
    r.object = update(r.object, ['subjects', '[]'], s =>
      s.kind === 'ServiceAccount' && (s.name === 'default' || s.namespace === undefined) ? { ...s, namespace } : s)
  }
}
const put = (pairs: object) => (old: any): any => ({ ...old, ...pairs })
function labelled(object: any, pairs: Readonly<Record<string, string>>, how: 'metadata' | 'templates' | 'selectors'): any {
  const template = templateOf(object.kind)
  let fresh = update(object, ['metadata', 'labels'], put(pairs), true)
  if (how !== 'metadata' && template) fresh = update(fresh, [...pathTo(template), 'metadata', 'labels'], put(pairs), true)
  if (how !== 'selectors') return fresh
  if (['Service', 'ReplicationController'].includes(object.kind)) fresh = update(fresh, ['spec', 'selector'], put(pairs), object.kind === 'Service')
  if (['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(object.kind)) {
    fresh = update(fresh, ['spec', 'selector', 'matchLabels'], put(pairs), true)
  }
  if (['Job', 'PodDisruptionBudget'].includes(object.kind)) fresh = update(fresh, ['spec', 'selector', 'matchLabels'], put(pairs))
  if (object.kind === 'NetworkPolicy') {
    for (const path of ['spec/podSelector/matchLabels', 'spec/ingress[]/from[]/podSelector/matchLabels', 'spec/egress[]/to[]/podSelector/matchLabels']) {
      fresh = update(fresh, pathTo(path), put(pairs))
    }
  }
  if (object.kind === 'CronJob') fresh = update(fresh, pathTo('spec/jobTemplate/metadata/labels'), put(pairs), true)
  if (object.kind === 'StatefulSet') fresh = update(fresh, pathTo('spec/volumeClaimTemplates[]/metadata/labels'), put(pairs), true)
  const pods = podSpecOf(object.kind)
  for (const list of pods ? ['affinity/podAffinity/', 'affinity/podAntiAffinity/'] : []) {
    fresh = update(fresh, pathTo(`${pods}/${list}preferredDuringSchedulingIgnoredDuringExecution[]/podAffinityTerm/labelSelector/matchLabels`), put(pairs))
    fresh = update(fresh, pathTo(`${pods}/${list}requiredDuringSchedulingIgnoredDuringExecution[]/labelSelector/matchLabels`), put(pairs))
  }
  return pods ? update(fresh, pathTo(`${pods}/topologySpreadConstraints[]/labelSelector/matchLabels`), put(pairs)) : fresh
}
function annotated(object: any, pairs: Readonly<Record<string, string>>): any {
  const template = templateOf(object.kind)
  let fresh = update(object, ['metadata', 'annotations'], put(pairs), true)
  if (template) fresh = update(fresh, [...pathTo(template), 'metadata', 'annotations'], put(pairs), true)
  return object.kind === 'CronJob' ? update(fresh, pathTo('spec/jobTemplate/metadata/annotations'), put(pairs), true) : fresh
}
/** Source: kustomize api/filters/imagetag, api/internal/image. */
function newImage(old: string, { name, newName, newTag, digest, tagSuffix }: any): string {
  const parts = /^(.*?)(:[A-Za-z0-9_.{}-]*)?(@sha256:[A-Za-z0-9_.{}-]*)?$/.exec(old)!
  if (parts[1] !== name) return old
  const base = newName || name
  if (newTag && digest) return `${base}:${newTag}@${digest}`
  if (digest) return `${base}@${digest}`
  if (newTag) return `${base}:${newTag}`
  return `${base}${parts[2] ?? ''}${tagSuffix ?? ''}${parts[3] ?? ''}`
}
