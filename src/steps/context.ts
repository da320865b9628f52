import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import type { ApiResponse, Credentials } from '../runtime-model/api/request.ts'

/** What the steps of one scenario share: the world being described, the cluster once it runs, and what actions left behind. */
export interface ScenarioContext {
  /** described by world steps until the first step that needs the cluster starts it */
  world: ClusterOptions
  /** the running cluster; the first call starts it from `world`. Throws CannotRun after a contradiction. */
  driver(): Driver
  /** The same over a fork of its cluster, which must have been started; absent: it cannot be forked. */
  fork?(): ScenarioContext
  /** has the cluster been started? (world steps that must come first ask) */
  started(): boolean
  /** what to do as soon as the cluster runs, described before it did (how images behave) */
  readonly atStart: ((driver: Driver) => void)[]
  /** what to do when the step that runs now starts the cluster */
  afterStart?: (driver: Driver) => void
  /** namespace that unqualified names mean */
  namespace: string
  /** bindings made with `as "name"`: what a `$name` is */
  readonly bindings: Map<string, Binding>
  /** moments kept with `I remember … as "name"` */
  readonly moments: Map<string, any>
  /** outcome of the latest action: the last request it sent, and the last command line it was */
  lastRequest?: { readonly what: string; readonly response: ApiResponse }
  lastCommand?: CommandOutcome
  /** every outcome of `I run:` of the latest action */
  commands: CommandOutcome[]
  /** credentials of the current action (`as user "ana"`), else the admin */
  credentials: Credentials
  /** time before the latest action or fault: what `unaffected` without a window compares with */
  beforeLatest: { readonly at: number; readonly observation: number }
  /** the same of the latest `When` with what follows it: how far what has been (`was always Ready`) is looked back to; of steps that only wait, the time alone */
  beforeWhen?: { readonly at: number; readonly observation?: number }
  /** is the latest step one of a `When`? */
  inWhen?: boolean
  /** reads a file beside the feature file, then under --manifests; undefined when there is none */
  readFile(path: string): string | undefined
  /** paths of the files in a folder that `readFile` would look into, and below it if `deep`; undefined when there is none */
  listFiles?(folder: string, deep: boolean): readonly string[] | undefined
  /** default deadline of `eventually` and the observation time, ms */
  readonly deadlineMs: number
  readonly observeMs: number
  /** virtual ms that each command line takes before its first request, as a real kubectl does (replays of recorded runs); absent: 0 */
  readonly commandMs?: number
  /** counts and conditions hold whichever spec they are of (replays of recorded runs, whose recorder looked no closer) */
  readonly anyGeneration?: boolean
  /** what steps keep for later steps of the scenario, by the name of the step */
  readonly kept: Map<string, unknown>
  /** users declared by world steps */
  readonly users: Map<string, readonly string[]>
}

export interface Binding {
  readonly kind: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
  readonly object: any
}
export interface CommandOutcome { readonly command: string; readonly stdout: string; readonly stderr: string; readonly code: number; readonly atMs: number }
