import type { FieldError } from '../kind.ts'
import { percentOf, scaledValue } from '../../api/int-or-string.ts'
import { invalid, nonNegative } from './errors.ts'

/** Rules of numbers that may be percentages. Source: pkg/apis/apps/validation/validation.go (ValidatePositiveIntOrPercent, IsNotMoreThan100Percent). */
export const percentText =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
export function validateAmount(value: number | string | undefined, at: string): FieldError[] {
  if (typeof value === 'string') return /^\d+%$/.test(value) ? [] : [invalid(at, value, percentText)]
  return nonNegative(value, at)
}
export function notAbove100Percent(value: number | string | undefined, at: string): FieldError[] {
  const percent = percentOf(value)
  return percent !== undefined && percent > 100 ? [invalid(at, value, 'must not be greater than 100%')] : []
}
/** `5` as a text counts as a number here, though it is none. */
export const isZero = (value: number | string | undefined): boolean =>
  (scaledValue(value, 100, false) ?? (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : 0)) === 0
