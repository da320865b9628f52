export { checkCommandLine, runCommandLine } from './command-line.ts'
export { CannotRun, NotModelled } from './errors.ts'
export type { CommandEnvironment, CommandOutcome, SentRequest } from './outcome.ts'
