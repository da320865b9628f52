/**
 * What a cluster under test tells about itself: one stream, in order of time. Monitors and reporters see only this. In the
 * model every observation is also a record of the trace, and carries the id of the record that caused it.
 */
export interface ObservationBase {
  /** position in the trace, from 1 */
  readonly id: number
  /** virtual milliseconds since the run began; of what happened while the cluster came up, since its first process was started */
  readonly at: number
  /** id of the observation that caused this one; 0: a step of the scenario or the start of the run */
  readonly cause: number
  /** who did it: `kube-scheduler`, `kubelet/worker-1`, `kubectl` */
  readonly actor: string
}

export type Observation = ObservationBase & ObservationBody

export type ObservationBody =
  /** a stored object changed (committed in etcd): the truth that `objects` assertions read */
  | {
    readonly type: 'object'; readonly change: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly resource: string; readonly kind: string;
    readonly namespace: string; readonly name: string; readonly old: any; readonly new: any; readonly revision: number
  }
  /** a request reached an API server / was answered. `what` as in journeys: `create pod catalog` */
  | { readonly type: 'request'; readonly request: number; readonly to: string; readonly verb: string; readonly what: string; readonly user: string }
  | {
    readonly type: 'answer'; readonly request: number; readonly to: string; readonly what: string; readonly code: number; readonly reason?: string;
    readonly message?: string
  }
  /** a stage of the pipeline was passed or refused the request */
  | { readonly type: 'stage'; readonly request: number; readonly stage: Stage; readonly refused?: string; readonly what: string }
  /** kube-apiserver (or etcdctl) asked etcd something: `put`, `range`, `delete`, `compact`, `snapshot` */
  | { readonly type: 'etcd'; readonly to: string; readonly operation: string; readonly key?: string; readonly what: string; readonly request: number }
  /** a watch told a component: `notifies of pod catalog` */
  | { readonly type: 'notify'; readonly to: string; readonly change: string; readonly what: string }
  /** kube-scheduler: filter, score, bind, unschedulable */
  | { readonly type: 'schedule'; readonly phase: 'filter' | 'score' | 'bind' | 'unschedulable' | 'preempt'; readonly pod: string; readonly detail?: string }
  /** a kubelet called its runtime: create sandbox, pull IMAGE, create container, start container, stop container … */
  | { readonly type: 'cri'; readonly node: string; readonly call: string; readonly pod: string; readonly uid: string; readonly container?: string }
  /** truth on a node: a container changed its state there */
  | {
    readonly type: 'container'; readonly node: string; readonly pod: string; readonly namespace: string; readonly uid: string; readonly container: string;
    readonly state: 'created' | 'running' | 'exited' | 'removed'; readonly exitCode?: number; readonly reason?: string; readonly restarts: number
    /** it runs and answers nothing */
    readonly hung?: boolean
  }
  /** truth on a node: the kubelet's own view of a pod changed (readiness, address) */
  | {
    readonly type: 'podStatus'; readonly node: string; readonly pod: string; readonly namespace: string; readonly uid: string; readonly ready: boolean;
    readonly phase: string; readonly ip?: string
  }
  | {
    readonly type: 'probe'; readonly node: string; readonly pod: string; readonly namespace: string; readonly container: string;
    readonly probe: 'liveness' | 'readiness' | 'startup'; readonly outcome: 'success' | 'failure' | 'unknown'; readonly detail?: string
  }
  /** the provider's load balancer with this address sends to these nodes from now on, as far as it finds them well */
  | { readonly type: 'balancer'; readonly ip: string; readonly nodes: string }
  /** kube-proxy tells load balancers, or tells them no more, that its node is about to go */
  | { readonly type: 'nodeEligible'; readonly node: string; readonly eligible: boolean }
  /** kube-proxy wrote its rules for a service: `program service catalog` */
  | { readonly type: 'proxy'; readonly node: string; readonly service: string; readonly namespace: string; readonly endpoints: number }
  /** the network plugin lets through what NetworkPolicies (so many of them) say now: one of them, or whom they select, has changed */
  | { readonly type: 'policies'; readonly policies: number }
  /** a proxy in front of Services (an ingress controller's nginx, a gateway) acts on what it has been told anew; the hosts that it knows */
  | { readonly type: 'httpProxy'; readonly proxy: string; readonly hosts: string }
  /** a request of a traffic source or of a pod ended */
  | {
    readonly type: 'traffic'; readonly source: string; readonly service: string; readonly outcome: 'served' | 'lost'; readonly by?: string;
    readonly why?: string; readonly count: number
    /** of the Service, and so of the pods behind it */
    readonly namespace?: string
  }
  /** a fault was injected or healed, by the scenario */
  | { readonly type: 'fault'; readonly phase: 'inject' | 'heal'; readonly fault: string; readonly target: string; readonly altered: number }
  /** a component or a node changed: up, down, hung, leader, follower */
  | { readonly type: 'component'; readonly component: string; readonly node: string; readonly state: 'up' | 'down' | 'hung' | 'leader' | 'follower' }
  | { readonly type: 'nodePower'; readonly node: string; readonly state: 'up' | 'down' | 'hung' }
  /** anything else that a reader of the timeline may want to know */
  | { readonly type: 'note'; readonly text: string }

export type Stage = 'authentication' | 'authorization' | 'mutating admission' | 'validation' | 'validating admission' | 'storage'
