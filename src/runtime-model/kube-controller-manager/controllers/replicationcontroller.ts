/**
 * Keeps as many pods as a ReplicationController wants.
 * Source: pkg/controller/replication
 */
export {}
