/** Texts of events that changed between the minor versions. Source: CHANGELOG-1.35.md; pkg/kubelet/events, images/image_manager.go at 1.34 and 1.35 */
export interface Words {
  created(container: string): string
  started(container: string): string
  present(image: string): string
  noSpace(collection: Collection): string
}
/** An image garbage collection that has freed too little: how much of the disk was used, how large that is, what was to be freed and was */
export interface Collection { readonly usedPercent: number; readonly capacityBytes: number; readonly wantedBytes: number; readonly freedBytes: number }

const current: Words = {
  created: () => 'Container created', started: () => 'Container started',
  present: image => `Container image "${image}" already present on machine and can be accessed by the pod`,
  noSpace: ({ usedPercent, capacityBytes, freedBytes }) =>
    `Insufficient free disk space on the node's image filesystem (${usedPercent}% of ${gibibytes(capacityBytes)} used). Failed to free sufficient space by deleting unused images (freed ${freedBytes} bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.`,
}
const before135: Words = {
  created: container => `Created container: ${container}`, started: container => `Started container ${container}`,
  present: image => `Container image "${image}" already present on machine`,
  noSpace: ({ wantedBytes, freedBytes }) =>
    `Failed to garbage collect required amount of images. Attempted to free ${wantedBytes} bytes, but only found ${freedBytes} bytes eligible to free.`,
}
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
export const minorOf = (version: string): number => Number(version.replace(/^v/, '').split('.')[1])
export const wordsOf = (version: string): Words => minorOf(version) < 35 ? before135 : current
