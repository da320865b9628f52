/** `3` or `"25%"`. Source: k8s.io/apimachinery pkg/util/intstr (intstr.go). */
export type IntOrString = number | string

/** The number meant, of `total` if it is a percentage; undefined if it is neither a number nor `N%`. */
export function scaledValue(value: IntOrString | undefined, total: number, roundUp: boolean): number | undefined {
  if (typeof value === 'number') return value
  const percent = percentOf(value)
  if (percent === undefined) return undefined
  const exact = percent * total / 100
  return roundUp ? Math.ceil(exact) : Math.floor(exact)
}
/** 25 of "25%", undefined if it is no percentage */
export function percentOf(value: IntOrString | undefined): number | undefined {
  if (typeof value !== 'string' || !value.endsWith('%')) return undefined
  const digits = value.slice(0, -1)
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : undefined
}
