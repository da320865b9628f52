/** Names of images. Source of the shape: distribution/reference (reference.go, normalize.go, regexp.go), opencontainers/go-digest. */
const reference =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/
/** as it looks, which is all that kubectl asks for */
export const isImageReference = (image: string): boolean => reference.test(image)
const digits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }
/** why a kubelet takes it for no image */
export function referenceProblem(image: string): string | undefined {
  if (/^[a-f0-9]{64}$/.test(image)) return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`
  if (!isImageReference(image)) return 'invalid reference format'
  const [, algorithm, hex] = /@([^:]+):(.*)$/.exec(image) ?? []
  if (algorithm === undefined) return undefined
  if (digits[algorithm] === undefined) return /[A-Z]/.test(algorithm) ? 'invalid checksum digest format' : 'unsupported digest algorithm'
  if (hex.length !== digits[algorithm]) return 'invalid checksum digest length'
  return /[A-F]/.test(hex) ? 'invalid checksum digest format' : undefined
}

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
