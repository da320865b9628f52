export { containerRuntime } from './runtime.ts'
