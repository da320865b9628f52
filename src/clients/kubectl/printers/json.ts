import { goJson } from '../../../runtime-model/api/go-json.ts'

/** kubectl's indent is four spaces. Source: cli-runtime pkg/printers/json.go. */
export const toJson = (value: unknown): string => `${goJson(value, 4)}\n`
export const toCompactJson = (value: unknown): string => goJson(value)
export { sortedKeys } from '../../../runtime-model/api/go-json.ts'
