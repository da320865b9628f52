import { goJson } from '../../../runtime-model/api/go-json.ts'
import type { Ordered } from './field-order.ts'

/** JSON on one line, in the order that the value has. */
export const orderedLine = (value: Ordered): string => value instanceof Map
  ? `{${[...value].map(([key, v]) => `${goJson(key)}:${orderedLine(v as Ordered)}`).join(',')}}`
  : Array.isArray(value) ? `[${value.map(orderedLine).join(',')}]` : goJson(value)
