export { CNI_ID, networkPlugin, type CniState } from './network-plugin.ts'
export { agentObjects, presetOf } from './presets.ts'
