import type { KubeObject } from '../api/request.ts'
import type { Labels } from '../api/selectors.ts'
import type { NodeInfo } from './node-info.ts'
import type { NodeTable } from './node-table.ts'
import type { PodInfo } from './pod-info.ts'

/** Why a node (or, from `preFilter`, the whole cluster) will not do. `hopeless`: removing other pods would not help. */
export interface Rejection { readonly plugin: string; readonly hopeless: boolean; readonly reasons: readonly string[] }
export const rejection = (plugin: string, hopeless: boolean, ...reasons: string[]): Rejection => ({ plugin, hopeless, reasons })

/** What plugins see of the cluster besides its nodes. */
export interface ClusterView {
  get(resource: string, namespace: string, name: string): KubeObject | undefined
  /** all objects of a resource, by name */
  list(resource: string): readonly KubeObject[]
  /** Services of a namespace */
  servicesIn(namespace: string): readonly KubeObject[]
  namespaceLabels(namespace: string): Labels | undefined
}

/** One decision: what all plugins are asked about. */
export interface Cycle {
  readonly pod: PodInfo
  readonly nodes: NodeTable
  readonly cluster: ClusterView
  readonly minorVersion: number
  /** plugins of a config, asked after the default profile */
  readonly own?: readonly Plugin[]
}

export type Filter = (node: NodeInfo) => Rejection | undefined
/**
 * What `preFilter` found: `skip` (this pod does not need the filter), a rejection of the whole cluster, or the filter; `only` names the nodes that can do at
 * all.
 */
export type Prepared = 'skip' | { readonly reject: Rejection } | { readonly filter: Filter; readonly only?: ReadonlySet<string> }

/** Scores a node; `finish` brings all scores to 0 … 100 (in place). */
export interface Scorer { readonly score: (node: NodeInfo) => number; readonly finish?: (scores: Float64Array, nodes: readonly NodeInfo[]) => void }

/**
 * A plugin of the default profile. To add one: a file here, a line in index.ts. Its functions are pure; what they prepare for a cycle lives in
 * the closures they answer and ends with the cycle. Extension points run in the order of the list. Source: pkg/scheduler/framework/interface.go
 */
export interface Plugin {
  readonly name: string
  readonly preFilter?: (cycle: Cycle) => Prepared
  readonly weight?: number
  /** undefined: nothing to say about this pod */
  readonly preScore?: (cycle: Cycle, feasible: readonly NodeInfo[]) => Scorer | undefined
  /** Events that may make a pod schedulable which this plugin rejected: key → hint, asked with the rejected pod. */
  readonly hints?: Readonly<Record<string, Hint>>
  readonly source: string
}
export const definePlugin = (plugin: Plugin): Plugin => plugin

/** What has happened: `Node/Add`, `Node/UpdateTaint`, `AssignedPod/Delete`. */
export type Hint = (pod: PodInfo, event: ClusterEvent, cluster: ClusterView) => boolean
export interface ClusterEvent { readonly key: string; readonly old?: KubeObject; readonly new?: KubeObject }
export const always: Hint = () => true
