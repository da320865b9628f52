/**
 * Scales workloads by what their pods use.
 * Source: pkg/controller/podautoscaler
 */
export {}
