/** Names of images. Source of the shape: distribution/reference (reference.go, normalize.go). */
const reference =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/
export const isImageReference = (image: string): boolean => reference.test(image)

/** `nginx` → `nginx:latest`; a digest or tag stays. */
export function withTag(image: string): string {
  return image.includes('@') || image.slice(image.lastIndexOf('/') + 1).includes(':') ? image : `${image}:latest`
}
/** host part of an image name; the canonical registry where it has none */
export function registryOf(image: string): string {
  const first = image.split('/')[0]
  return image.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost') ? first : 'docker.io'
}
/** As runtimes call it: `nginx:1.25` → `docker.io/library/nginx:1.25`. */
export function fullName(image: string): string {
  const tagged = withTag(image)
  if (registryOf(tagged) !== 'docker.io' || tagged.startsWith('docker.io/')) return tagged
  return `docker.io/${tagged.includes('/') ? '' : 'library/'}${tagged}`
}
/** The name under which a runtime keeps it: in a bare world as it was written. */
export const keptName = (image: string, bare: boolean): string => bare ? withTag(image) : fullName(image)
