import type { KindDefinition } from './kind.ts'

/** What discovery says of a kind. */
export type ServedNames =
  Pick<KindDefinition, 'group' | 'version' | 'kind' | 'resource' | 'singular' | 'namespaced' | 'verbs' | 'shortNames' | 'categories' | 'subresources'>
const metrics = (kind: string, resource: string, namespaced: boolean): ServedNames =>
  ({
    group: 'metrics.k8s.io', version: 'v1beta1', kind, resource, singular: '', namespaced, verbs: ['get', 'list'], shortNames: [], categories: [],
    subresources: {},
  })
/** What an API server with a metrics-server behind it serves besides its own. Source: k8s.io/metrics pkg/apis/metrics/v1beta1 */
export const metricsKinds: readonly ServedNames[] = [metrics('NodeMetrics', 'nodes', false), metrics('PodMetrics', 'pods', true)]
