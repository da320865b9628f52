/**
 * Keeps one pod on every node that a DaemonSet is for.
 * Source: pkg/controller/daemon
 */
export {}
