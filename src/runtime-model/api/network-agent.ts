/** The agent of a network plugin, a container of a DaemonSet on each node, as far as others depend on it. */
export interface NetworkAgent {
  readonly namespace: string
  readonly daemonSet: string
  readonly container: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  /**
   * what becomes of pods that start on a node while it does not run there, once it has run: what it left on the disk connects them, or they get an address and
   * no connection, or they get nothing and wait
   */
  readonly without: 'as before' | 'no connection' | 'no sandbox'
}
