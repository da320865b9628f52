import type { ClusterOptions } from '../drivers/driver.ts'

/** What a config may say of a run; each is also an option of `kscenario run`, which goes before it. */
export interface Settings {
  /** feature files and folders that are run when none are named */
  readonly paths?: readonly string[]
  /** a tag expression: which scenarios are run when --tags says nothing */
  readonly tags?: string
  /** reports as with --format: NAME or NAME:FILE */
  readonly formats?: readonly string[]
  /** false: nothing is written into reports/ unasked */
  readonly reports?: boolean
  readonly seed?: number
  /** how long `eventually` waits, in virtual time: `90s` */
  readonly deadline?: string
  /** how long `always`, `never` and open windows are watched, in virtual time */
  readonly observe?: string
  /** folders where files are looked up that are not beside their feature */
  readonly manifests?: readonly string[]
  readonly failFast?: boolean
  /** how many worker threads run the scenarios */
  readonly parallel?: number
  /** the cluster of scenarios whose steps do not say otherwise */
  readonly world?: World
}
export interface World extends Pick<ClusterOptions, 'nodes' | 'controlPlaneNodes' | 'managed' | 'externalEtcdMembers' | 'kubernetesVersion' | 'secretsEncrypted'
  | 'metricsServer' | 'cni'> {
  readonly workers?: number
  /** the namespace that names without one mean */
  readonly namespace?: string
}
export interface Preset extends Settings { readonly doc?: string }

/** Settings that go before others where they say anything; worlds are put together, lists take the place of lists. */
export function over(settings: Settings, before: Settings): Settings {
  const said = Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== undefined && key !== 'doc'))
  return { ...before, ...said, ...(settings.world ? { world: { ...before.world, ...settings.world } } : {}) }
}
