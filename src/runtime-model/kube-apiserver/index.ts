export { kubeApiserver } from './server.ts'
export type { ServerOptions, ServerState } from './state.ts'
