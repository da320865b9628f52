import type { ComponentName, Quantity } from '../dsl/step-ast.ts'

/** `pod catalog`, `deployment web in namespace shop`, `$victim`: an object that a sentence names, whether or not it is there. */
export interface Subject {
  /** how a reader calls it: `pod catalog` */
  readonly label: string
  readonly kind: string
  readonly group: string
  readonly name: string
  readonly namespace?: string
  /** storage name: `pods`, `deployments.apps` */
  readonly resource: string
}
/** `pods`, `Deployment`, `deploy`: a kind that the cluster serves. */
export interface Kind { readonly kind: string; readonly group: string; readonly version: string; readonly resource: string; readonly namespaced: boolean }
/** `the control plane`, `kube-proxy on worker-1` */
export interface Component { readonly component: ComponentName; readonly node?: string }
/** `3`, `at least 2`, `no more than …`: a number, and how it is meant. */
export interface Count extends Quantity { readonly holds: (actual: number) => boolean }
