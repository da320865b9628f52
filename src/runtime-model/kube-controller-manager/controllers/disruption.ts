/**
 * Says how many pods of a PodDisruptionBudget may be evicted.
 * Source: pkg/controller/disruption
 */
export {}
