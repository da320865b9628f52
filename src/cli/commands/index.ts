import { checklist } from './checklist.ts'
import type { CliCommand } from './command.ts'
import { lint } from './lint.ts'
import { merge } from './merge.ts'
import { parse } from './parse.ts'
import { run } from './run.ts'
import { steps } from './steps.ts'

export const commands: readonly CliCommand[] = [run, lint, steps, parse, checklist, merge]
