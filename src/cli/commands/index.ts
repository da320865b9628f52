import { checklist } from './checklist.ts'
import type { CliCommand } from './command.ts'
import { parse } from './parse.ts'
import { run } from './run.ts'
import { steps } from './steps.ts'

export const commands: readonly CliCommand[] = [run, steps, parse, checklist]
