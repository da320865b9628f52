export { identityLease } from './identity.ts'
export { kubeApiserver } from './server.ts'
export type { ServerOptions, ServerState } from './state.ts'
