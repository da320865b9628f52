import type { RuntimeImage } from '../api/cri.ts'

/**
 * When images are removed of which no container is left. Source: pkg/kubelet/images/image_gc_manager.go (ImageGCPolicy),
 * pkg/kubelet/apis/config/v1beta1/defaults.go
 */
export interface ImagePolicy {
  /** imageGCHighThresholdPercent, imageGCLowThresholdPercent */
  readonly highPercent: number
  readonly lowPercent: number
  /** imageMaximumGCAge, ms; 0: no image is too old */
  readonly maxAgeMs: number
}
export const DEFAULT_POLICY: ImagePolicy = Object.freeze({ highPercent: 85, lowPercent: 80, maxAgeMs: 0 })
/** `since`: virtual ms of its pull, -1 before this kubelet started; `usedAt`: when the last container of it went that is not there any more */
export interface KnownImage extends RuntimeImage { readonly since: number; readonly usedAt?: number }
