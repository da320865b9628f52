/** Go's way to write a duration: `1m0s`, `8s`, `1.5s`. */
export function goDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000), minutes = Math.floor(ms / 60_000) % 60, seconds = (ms % 60_000) / 1000
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`
}
