/**
 * Amounts as Kubernetes writes them: `500m`, `1536Mi`, `2e3`. Exact: held in billionths, the finest step the API knows.
 * Source: k8s.io/apimachinery pkg/api/resource (quantity.go, suffix.go) and the documentation of Quantity.
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
export interface Quantity { readonly nano: bigint; readonly format: QuantityFormat; readonly text: string }

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const wrongSuffix = "unable to parse quantity's suffix"
const wrongNumber = 'unable to parse numeric part of quantity'
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const decimalSuffix: Readonly<Record<number, string>> = { [-9]: 'n', [-6]: 'u', [-3]: 'm', 0: '', 3: 'k', 6: 'M', 9: 'G', 12: 'T', 15: 'P', 18: 'E' }
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const nanoPerUnit = 1_000_000_000n
const largest = ((1n << 63n) - 1n) * nanoPerUnit

const cache = new Map<string, Quantity | string>()
const remember = (text: string, value: Quantity | string): Quantity | string => {
  if (cache.size > 20_000) cache.clear()
  cache.set(text, value)
  return value
}
const lookup = (text: string | number): Quantity | string => {
  const key = String(text)
  return cache.get(key) ?? remember(key, parse(key.trim()))
}

/** undefined: not a quantity (`quantityError` says why) */
export const parseQuantity = (text: string | number): Quantity | undefined => { const q = lookup(text); return typeof q === 'string' ? undefined : q }
/** Kubernetes' words for what is wrong with it, undefined if nothing is */
export const quantityError = (text: string | number): string | undefined => { const q = lookup(text); return typeof q === 'string' ? q : undefined }
/** The form in which the API server stores it: `1000m` → `1`, `0.5Gi` → `512Mi`. The text itself if it is no quantity. */
export const canonicalQuantity = (text: string | number): string => { const q = lookup(text); return typeof q === 'string' ? String(text) : q.text }
/** thousandths, rounded up: cpu `0.5` → 500 */
export const milliOf = (text: string | number | undefined): number => text === undefined ? 0 : Number(ceilDiv(nanoOf(text), 1_000_000n))
/** whole units, rounded up: memory `1Ki` → 1024, cpu `500m` → 1 */
export const unitsOf = (text: string | number | undefined): number => text === undefined ? 0 : Number(ceilDiv(nanoOf(text), nanoPerUnit))
export const nanoOf = (text: string | number): bigint => parseQuantity(text)?.nano ?? 0n
export const compareQuantities = (a: string | number, b: string | number): number => { const x = nanoOf(a), y = nanoOf(b); return x < y ? -1 : x > y ? 1 : 0 }
/** a + b in a's format (b's if a is zero), as apimachinery's Add */
export const addQuantities = (a: string, b: string): string => combine(a, b, nanoOf(a) + nanoOf(b))
export const subtractQuantities = (a: string, b: string): string => combine(a, b, nanoOf(a) - nanoOf(b))
const combine = (a: string, b: string, nano: bigint): string =>
  formatNano(nano, (nanoOf(a) === 0n ? parseQuantity(b) : parseQuantity(a))?.format ?? 'DecimalSI')
export const formatMilli = (milli: number, format: QuantityFormat = 'DecimalSI'): string => formatNano(BigInt(Math.round(milli)) * 1_000_000n, format)
export const formatUnits = (units: number, format: QuantityFormat = 'BinarySI'): string => formatNano(BigInt(Math.round(units)) * nanoPerUnit, format)

/** Of a canonical text: what is finer than a thousandth is rounded up, as the API server does with amounts of resources. Source: SetDefaults_ResourceList */
export const roundedToMilli = (text: string): string => text.endsWith('n') || text.endsWith('u')
  ? formatNano(ceilDiv(nanoOf(text), 1_000_000n) * 1_000_000n, 'DecimalSI')
  : text

const ceilDiv = (a: bigint, b: bigint): bigint => a >= 0n ? (a + b - 1n) / b : a / b

function parse(text: string): Quantity | string {
  const m = /^([+-]?)(\d*)(\.?)(\d*)([eEinumkKMGTP]*)([-+]?\d*)$/.exec(text)
  if (!m) return wrongFormat
  const [, sign, whole, , fraction, letters, exponent] = m
  if (whole === '' && fraction === '') return text === '' || !/[0-9.]/.test(text) ? wrongFormat : wrongNumber
  let format: QuantityFormat, power: number, base: bigint
  const two = binary.indexOf(letters)
  if (exponent === '' && two > 0) { format = 'BinarySI'; base = 1n << BigInt(10 * two); power = 0 }
  else if (exponent === '' && letters in decimal) { format = 'DecimalSI'; base = 1n; power = decimal[letters] }
  else if ((letters === 'e' || letters === 'E') && /\d/.test(exponent)) { format = 'DecimalExponent'; base = 1n; power = Number(exponent) }
  else return wrongSuffix
  if (Math.abs(power) > 1000) return wrongSuffix
  const shift = 9 + power - fraction.length, digits = BigInt(whole + fraction || '0') * base
  let nano = shift >= 0 ? digits * 10n ** BigInt(shift) : ceilDiv(digits, 10n ** BigInt(-shift))
  if (nano > largest) nano = largest
  if (sign === '-') nano = -nano
  return { nano, format, text: formatNano(nano, format) }
}

/** The canonical text: no fraction, largest suffix that loses nothing; binary amounts under 1024 or with a fraction are written decimal. */
export function formatNano(nano: bigint, format: QuantityFormat): string {
  if (nano === 0n) return '0'
  const size = nano < 0n ? -nano : nano
  if (format === 'BinarySI' && size >= 1024n * nanoPerUnit && size % nanoPerUnit === 0n) {
    let number = nano / nanoPerUnit, steps = 0
    while (steps < 6 && number % 1024n === 0n) { number /= 1024n; steps++ }
    return number + binary[steps]
  }
  let number = nano, power = -9
  while (power < 18 && number % 1000n === 0n) { number /= 1000n; power += 3 }
  if (format === 'DecimalExponent') return power === 0 ? String(number) : `${number}e${power}`
  return number + decimalSuffix[power]
}
