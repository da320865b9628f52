/**
 * Mirrors Endpoints that people write into EndpointSlices.
 * Source: pkg/controller/endpointslicemirroring
 */
export {}
