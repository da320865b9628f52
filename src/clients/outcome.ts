import type { Driver } from '../drivers/driver.ts'
import type { ApiResponse, Credentials } from '../runtime-model/api/request.ts'
import type { Binding, CommandOutcome as Outcome } from '../steps/context.ts'

/** What a command line runs in: the cluster, who asks, and the directory, terminal and bindings around it. */
export interface CommandEnvironment {
  readonly driver: Driver
  readonly credentials: Credentials
  /** the namespace of the kubeconfig's context */
  readonly namespace: string
  /** content of a file beside the feature file or under --manifests; undefined: there is none */
  readFile(path: string): string | undefined
  /** paths of the files in a folder, and below it if `deep`; undefined: it is none */
  listFiles?(folder: string, deep: boolean): readonly string[] | undefined
  /** makes another namespace that of the context; absent: it stays */
  useNamespace?(name: string): void
  /** what stood before the command: `KUBE_EDITOR=… kubectl edit …` */
  readonly variables?: Readonly<Record<string, string>>
  /** what `-f -` reads */
  readonly stdin?: string
  /** what a step bound as `$name` */
  binding(name: string): Binding | undefined
  /** virtual ms between the start of a command and its first request; absent: 0 */
  readonly commandMs?: number
}

/** One request that a command sent, in the words of journeys (`create pod catalog`), and its answer. */
export interface SentRequest { readonly what: string; readonly response: ApiResponse }

/** What a terminal would show, and what went over the wire; `atMs` is when the command was typed. */
export interface CommandOutcome extends Outcome { readonly requests: readonly SentRequest[] }
