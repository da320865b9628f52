import type { KubeObject } from '../../api/request.ts'

/** What was left after everything in a namespace was told to go. `resource`: `pods.`, `deployments.apps`, as conditions write it. */
export interface Remaining {
  readonly counts: ReadonlyMap<string, number>
  readonly finalizers: ReadonlyMap<string, number>
  readonly errors: readonly string[]
  /** API groups that discovery could not tell of */
  readonly undiscovered: readonly string[]
}
export const nothingRemains: Remaining = { counts: new Map(), finalizers: new Map(), errors: [], undiscovered: [] }

/** The five conditions of a namespace that ends, in their order. Source: pkg/controller/namespace/deletion/status_condition_utils.go */
export function deletionConditions(namespace: KubeObject, remaining: Remaining, nowText: string): readonly any[] {
  const old: readonly any[] = namespace.status?.conditions ?? []
  const list = (counts: ReadonlyMap<string, number>, text: (name: string, n: number) => string): string =>
    [...counts].sort((a, b) => a[0] < b[0] ? -1 : 1).map(([name, n]) => text(name, n)).join(', ')
  const { counts, finalizers, errors, undiscovered } = remaining
  const wanted: readonly (readonly [type: string, problem: string | undefined, bad: string, good: string, fine: string])[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      undiscovered.length > 0 ? `Discovery failed for some groups, ${undiscovered.length} failing: ${discoveryError(undiscovered)}` : undefined,
      'DiscoveryFailed', 'ResourcesDiscovered', 'All resources successfully discovered',
    ],
    ['NamespaceDeletionGroupVersionParsingFailure', undefined, 'GroupVersionParsingFailed', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    [
      'NamespaceDeletionContentFailure',
      errors.length > 0 ? `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}` : undefined,
      'ContentDeletionFailed', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization',
    ],
    [
      'NamespaceContentRemaining',
      counts.size > 0 ? `Some resources are remaining: ${list(counts, (name, n) => `${name} has ${n} resource instances`)}` : undefined, 'SomeResourcesRemain',
      'ContentRemoved', 'All content successfully removed',
    ],
    [
      'NamespaceFinalizersRemaining',
      finalizers.size > 0
        ? `Some content in the namespace has finalizers remaining: ${list(finalizers, (name, n) => `${name} in ${n} resource instances`)}`
        : undefined,
      'SomeFinalizersRemain', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished',
    ],
  ]
  return wanted.map(([type, problem, bad, good, fine]) => {
    const before = old.find(c => c.type === type), status = problem === undefined ? 'False' : 'True', reason = problem === undefined ? good : bad
    const message = problem ?? fine
    if (before && before.status === status && before.reason === reason && before.message === message) return before
    return { type, status, lastTransitionTime: nowText, reason, message }
  })
}

/** Source: k8s.io/client-go discovery/discovery_client.go (ErrGroupDiscoveryFailed), aggregated_discovery.go (StaleGroupVersionError) */
export const discoveryError = (groups: readonly string[]): string =>
  `unable to retrieve the complete list of server APIs: ${[...groups].sort().map(g => `${g}: stale GroupVersion discovery: ${g}`).join(', ')}`
