import type { Host } from '../host.ts'

/** A subcommand, as data: help, options and what it does. Heavy rooms are imported inside `run`. */
export interface CliCommand {
  /** name and arguments as commander reads them */
  readonly usage: string
  /** other names that people try */
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly options: readonly (readonly [flags: string, text: string, parse?: (value: string, before: any) => any])[]
  readonly help?: string
  run(args: readonly any[], options: Readonly<Record<string, any>>, host: Host): Promise<number>
}
export const defineCommand = (command: CliCommand): CliCommand => command

/** for options that may be repeated */
export const gather = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value]
