/**
 * Attaches volumes to nodes.
 * Source: pkg/controller/volume/attachdetach
 */
export {}
