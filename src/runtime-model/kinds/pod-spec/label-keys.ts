import { withLabelKeys, type Labels } from '../../api/selectors.ts'

/**
 * A pod's spec as it is stored: what `matchLabelKeys` and `mismatchLabelKeys` say of the pod's own labels stands in the selectors, too. Approximate: API
 * servers of 1.33 leave those of spread constraints to the scheduler, with the same outcome.
 * Source: pkg/registry/core/pod/strategy.go (applyMatchLabelKeysAndMismatchLabelKeys)
 */
export function withOwnLabels(spec: any, labels: Labels | undefined): any {
  const { affinity, topologySpreadConstraints: spread } = spec
  if (!labels || !affinity?.podAffinity && !affinity?.podAntiAffinity && !spread?.some((c: any) => c.matchLabelKeys)) return spec
  const selecting = (term: any): any => {
    const labelSelector = withLabelKeys(term.labelSelector, term.matchLabelKeys, term.mismatchLabelKeys, labels)
    return labelSelector === term.labelSelector ? term : { ...term, labelSelector }
  }
  return {
    ...spec,
    ...affinity ? { affinity: { ...affinity, ...side('podAffinity', affinity, selecting), ...side('podAntiAffinity', affinity, selecting) } } : undefined,
    ...spread ? { topologySpreadConstraints: spread.map(selecting) } : undefined,
  }
}

function side(name: 'podAffinity' | 'podAntiAffinity', affinity: any, selecting: (term: any) => any): object | undefined {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity[name] ?? {}
  if (!required && !preferred) return undefined
  return {
    [name]: {
      ...affinity[name],
      ...required ? { requiredDuringSchedulingIgnoredDuringExecution: required.map(selecting) } : undefined,
      ...preferred
        ? { preferredDuringSchedulingIgnoredDuringExecution: preferred.map((p: any) => ({ ...p, podAffinityTerm: selecting(p.podAffinityTerm) })) }
        : undefined,
    },
  }
}
