import type { ContainerSubject, FileSubject } from '../../dsl/step-ast.ts'
import type { ResolvedSubject } from '../../extension.ts'
import { resolveObject } from './objects.ts'
import type { Place } from './objects.ts'

const containersOf = (pod: any): readonly { readonly name: string }[] =>
  [...(pod?.spec?.containers ?? []), ...(pod?.spec?.initContainers ?? []), ...(pod?.spec?.ephemeralContainers ?? [])]
export const hasContainer = (pod: any, name: string): boolean => containersOf(pod).some(c => c.name === name)

/** A container of a pod: the pod with another name, and not there where the pod has none of this name. */
export const containerOf = (pod: ResolvedSubject, ast: ContainerSubject): ResolvedSubject => ({
  ...pod, type: 'container', ast, label: `container ${ast.container} in ${pod.label}`, object: hasContainer(pod.object, ast.container) ? pod.object : undefined,
})
export const fileOf = (pod: ResolvedSubject, ast: FileSubject): ResolvedSubject => ({
  ...pod, type: 'file', ast, label: `file ${ast.path} in ${pod.label}`, object: hasContainer(pod.object, ast.container.container) ? pod.object : undefined,
})

/** What is not there: an object, or a container of a pod that has others. */
export function absence({ ast, label }: ResolvedSubject, place: Place): string {
  const container = ast.type === 'file' ? ast.container : ast.type === 'container' ? ast : undefined
  const pod = container && resolveObject(container.pod, place)
  if (!container || !pod) return `there is no ${label}`
  return pod.object ? lacks(pod.object, container.container, pod.label) : `there is no ${pod.label}`
}
export function lacks(pod: any, container: string, label: string): string {
  const has = containersOf(pod).map(c => c.name)
  return `there is no container ${container} in ${label} (there ${has.length > 1 ? 'are' : 'is'} ${has.join(', ')})`
}
