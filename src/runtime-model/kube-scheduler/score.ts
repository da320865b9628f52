/** Helpers of scoring. Source: pkg/scheduler/framework/plugins/helper/normalize_score.go */

/** Brings scores to 0 … 100 by the largest; `reverse`: the smallest becomes the best. */
export function normalise(scores: Float64Array, reverse: boolean): void {
  let max = 0
  for (const s of scores) if (s > max) max = s
  for (let i = 0; i < scores.length; i++) {
    const score = max === 0 ? 0 : Math.floor(100 * scores[i] / max)
    scores[i] = reverse ? 100 - score : score
  }
}
