export { CNI_ID, enforcesPolicies, networkPlugin, type CniState } from './network-plugin.ts'
