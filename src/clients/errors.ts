/** The step cannot run as written (undefined, exit 2); the runner knows it by its name. */
export class CannotRun extends Error { override readonly name = 'CannotRun' }

/** The command is real, but this model has no behaviour for it (inconclusive); the runner knows it by its name. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled'
  /** `what`: with or without the words an API server puts in front */
  constructor(what: string) { super(what.replace(/^not modelled: /, '')) }
}
