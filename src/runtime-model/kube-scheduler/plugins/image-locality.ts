import { definePlugin } from '../plugin.ts'

const minBytes = 23 * 1024 * 1024, maxBytesPerContainer = 1000 * 1024 * 1024
/** Source: image_locality.go (normalizedImageName) */
const withTag = (image: string): string => image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image

/** Prefers nodes that have the pod's images already, the more so the rarer the image is not. */
export const imageLocality = definePlugin({
  name: 'ImageLocality',
  weight: 1,
  preScore({ pod, nodes }) {
    if (!nodes.hasImages) return undefined
    const containers: readonly any[] = [...pod.pod.spec.initContainers ?? [], ...pod.pod.spec.containers]
    const images = containers.map(c => withTag(c.image ?? ''))
      .flatMap(image => {
        const state = nodes.image(image)
        return state ? [{ image, share: Math.floor(state.bytes * (state.nodes / nodes.list.length)) }] : []
      })
    if (images.length === 0) return undefined
    const max = maxBytesPerContainer * containers.length
    return {
      score(node) {
        let sum = 0
        for (const { image, share } of images) if (node.images.has(image)) sum += share
        return Math.floor(100 * (Math.min(Math.max(sum, minBytes), max) - minBytes) / (max - minBytes))
      },
    }
  },
  source: 'pkg/scheduler/framework/plugins/imagelocality/image_locality.go',
})
