import { UsageError } from './usage-error.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `1m30s`, `250ms`, as in scenarios; a number alone is seconds. Whole milliseconds. */
export function durationOption(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) throw new UsageError(`${option} ${text}: not a duration, as 30s or 1m30s is`)
  return Math.round([...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit], 0))
}

export function seedOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER) throw new UsageError(`--seed ${text}: a seed is a whole number from 0`)
  return Number(text)
}

export function namesOption(texts: readonly string[] | undefined): readonly RegExp[] {
  return (texts ?? []).map(text => {
    try { return new RegExp(text) } catch { throw new UsageError(`--name ${text}: not a regular expression`) }
  })
}

/** Cucumber's tag expressions (github.com/cucumber/tag-expressions): `@a and not (@b or @c)`. Several: all must hold. */
export async function tagsOption(texts: readonly string[] | undefined): Promise<((tags: readonly string[]) => boolean) | undefined> {
  if (!texts?.length) return undefined
  const { parse } = await import('@cucumber/tag-expressions')
  const parsed = texts.map(text => {
    try { return parse(text) } catch (error) { throw new UsageError(`--tags ${text}: ${(error as Error).message.split('\n').at(-1)}`) }
  })
  return tags => parsed.every(expression => expression.evaluate([...tags]))
}

export function wholeOption(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) throw new UsageError(`${option} ${text}: a whole number from ${least} to ${most}`)
  return Number(text)
}

/** `2/5`: the second of five machines */
export function shardOption(text: string | undefined): { readonly index: number; readonly of: number } | undefined {
  if (text === undefined) return undefined
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (of === undefined || Number(index) < 1 || Number(index) > Number(of)) throw new UsageError(`--shard ${text}: which of how many, as in 1/4 … 4/4`)
  return { index: Number(index), of: Number(of) }
}
