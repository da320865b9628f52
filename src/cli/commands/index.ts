import { checklist } from './checklist.ts'
import type { CliCommand } from './command.ts'
import { completion } from './completion.ts'
import { fmt } from './fmt.ts'
import { init } from './init.ts'
import { lint } from './lint.ts'
import { merge } from './merge.ts'
import { parse } from './parse.ts'
import { run } from './run.ts'
import { show } from './show.ts'
import { steps } from './steps.ts'
import { why } from './why.ts'

export const commands: readonly CliCommand[] = [run, init, why, show, lint, fmt, steps, parse, checklist, merge, completion]
