/** Texts of events that changed between the minor versions. Source: CHANGELOG-1.35.md; pkg/kubelet/events, images/image_manager.go at 1.34 and 1.35 */
export interface Words { created(container: string): string; started(container: string): string; present(image: string): string }

const current: Words = {
  created: () => 'Container created', started: () => 'Container started',
  present: image => `Container image "${image}" already present on machine and can be accessed by the pod`,
}
const before135: Words = {
  created: container => `Created container: ${container}`, started: container => `Started container ${container}`,
  present: image => `Container image "${image}" already present on machine`,
}
export const minorOf = (version: string): number => Number(version.replace(/^v/, '').split('.')[1])
export const wordsOf = (version: string): Words => minorOf(version) < 35 ? before135 : current
