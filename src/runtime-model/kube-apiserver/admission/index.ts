import type { AdmissionPlugin } from './plugin.ts'

/** In the order of a 1.35 API server. Source: pkg/kubeapiserver/options/plugins.go. */
export const admissionPlugins: readonly AdmissionPlugin[] = []
export type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, AdmissionView, FirstWrite, MutationResult, ValidationResult } from './plugin.ts'
