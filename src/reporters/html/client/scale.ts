export interface Scale { x(ms: number): number; readonly width: number; readonly ticks: readonly number[] }

const tickGap = 84

/**
 * Places times on a line. To scale, forty idle minutes would leave a pixel for everything that happened; squeezed, a pause
 * is as wide as the logarithm of its length, so that order and rhythm can be seen.
 */
export function createScale(times: readonly number[], untilMs: number, width: number, squeezed: boolean): Scale {
  const all = [...new Set([0, ...times, untilMs])].sort((a, b) => a - b)
  const weights = all.map((t, i) => i === 0 ? 0 : squeezed ? 1 + 1.3 * Math.log10(1 + (t - all[i - 1]) / 10) : t - all[i - 1])
  const places: number[] = []
  let sum = 0
  for (const w of weights) places.push(sum += w)
  const scale = width / (sum || 1)
  const x = (ms: number): number => {
    let low = 0, high = all.length - 1
    while (low < high) { const middle = (low + high + 1) >> 1; if (all[middle] <= ms) low = middle; else high = middle - 1 }
    const next = all[low + 1], into = next === undefined ? 0 : (ms - all[low]) / (next - all[low])
    return (places[low] + (next === undefined ? 0 : into * (places[low + 1] - places[low]))) * scale
  }
  const ticks: number[] = []
  if (squeezed) {
    for (const t of all) if (ticks.length === 0 || x(t) - x(ticks.at(-1)!) >= tickGap) ticks.push(t)
  } else for (let i = 0; i * tickGap * 1.5 <= width; i++) ticks.push(Math.round(untilMs * i * tickGap * 1.5 / width))
  return { x, width, ticks }
}
