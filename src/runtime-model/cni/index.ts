export { CNI_ID, networkPlugin, type CniState } from './network-plugin.ts'
export { presetOf } from './presets.ts'
