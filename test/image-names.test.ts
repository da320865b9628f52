import { expect, test } from 'vitest'
import { isImageReference, referenceProblem } from '../src/runtime-model/api/image-names.ts'

/** A kubelet is stricter about names of images than kubectl. Source: distribution/reference, opencontainers/go-digest. */
const a = (n: number): string => 'a'.repeat(n)
test.each([
  ['shop/app:1', true, undefined], [`shop/app@sha256:${a(64)}`, true, undefined], [`shop/app:1@sha512:${a(128)}`, true, undefined],
  [`app@sha256:${a(63)}`, true, 'invalid checksum digest length'], [`app@sha512:${a(64)}`, true, 'invalid checksum digest length'],
  [`app@sha256:${'A'.repeat(64)}`, true, 'invalid checksum digest format'], [`app@md5:${a(32)}`, true, 'unsupported digest algorithm'],
  [a(64), true, `invalid repository name (${a(64)}), cannot specify 64-byte hexadecimal strings`],
  ['app@sha256:abc', false, 'invalid reference format'], ['a/b/:x', false, 'invalid reference format'],
])('%s', (image, looks, problem) => { expect([isImageReference(image), referenceProblem(image)]).toEqual([looks, problem]) })
