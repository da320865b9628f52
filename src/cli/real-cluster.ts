import type { ClusterChoice } from '../drivers/real/connection.ts'
import type { RealCluster } from '../drivers/real.ts'
import type { SuiteOptions } from '../runner/run-suite.ts'
import { EXIT } from './exit-codes.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'

/** What a suite is run with on a cluster that is there already. */
export type OnCluster = Pick<SuiteOptions, 'createDriver' | 'namespace' | 'real'>

/** Opens the cluster, runs with it and closes it, whatever happens. A cluster that does not answer is inconclusive. */
export async function onRealCluster(choice: ClusterChoice, host: Host, run: (on: OnCluster) => Promise<number>): Promise<number> {
  const { connectRealCluster } = await import('../drivers/real.ts')
  const left = (what: readonly string[]): void => host.err(`could not be cleared away: ${what.join(', ')}\n`)
  let cluster: RealCluster
  try { cluster = await connectRealCluster({ ...choice, interrupted: host.interrupted, left }) } catch (error) {
    const { name, message } = error as Error
    if (name === 'WrongChoice') throw new UsageError(message)
    if (name !== 'Unavailable') throw error
    host.err(`error: ${message}\n`)
    return EXIT.inconclusive
  }
  const { kubeconfig, context } = choice
  const flags = [...kubeconfig === undefined ? [] : [`--kubeconfig ${kubeconfig}`], ...context === undefined ? [] : [`--context ${context}`]].join(' ')
  try {
    return await run({ createDriver: cluster.createDriver, namespace: cluster.newNamespace, real: { title: cluster.title, flags } })
  } finally { cluster.close() }
}
