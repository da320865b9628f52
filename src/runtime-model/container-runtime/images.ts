import { hashString, hashHex } from '../../base/hash.ts'
import { fullName, registryOf, withTag } from '../api/image-names.ts'
import type { RuntimeImage } from '../api/cri.ts'

const bareImageBytes = 31_457_280
/**
 * An image of the modelled registries. Where nothing was said of its size, that follows from its name, 2 to 22 MB (real ones are larger): so small that it
 * does not matter to a scheduler which node has it already (ImageLocality, from 23 MiB on).
 */
export function imageFrom(name: string, bare: boolean): RuntimeImage {
  if (bare) return { ref: withTag(name), id: withTag(name), bytes: bareImageBytes }
  const ref = fullName(name)
  return { ref, id: `${ref.replace(/:[^:/]*$/, '')}@sha256:${hashHex(ref, 8)}`, bytes: 2_000_000 + hashString(ref, 9) % 20_000_000 }
}

/** What the runtime says when a pull fails. Source: containerd core/remotes/docker resolver.go. */
export const notFoundText = (image: string): string => `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
export const unreachableText = (image: string): string =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://${registryOf(image) === 'docker.io' ? 'registry-1.docker.io' : registryOf(image)}/v2/${pathOf(image)}/manifests/${tagOf(image)}": dial tcp: i/o timeout`
const pathOf = (image: string): string => image.replace(/^[^/]*[.:][^/]*\//, '').replace(/[:@][^/]*$/, '')
const tagOf = (image: string): string => withTag(image).replace(/^.*:/, '')
