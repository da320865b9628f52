/**
 * Keeps the pods of StatefulSets: named, in order, with their claims, by revisions.
 * Source: pkg/controller/statefulset
 */
export {}
