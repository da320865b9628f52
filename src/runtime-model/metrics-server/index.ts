export { metricsServer, metricsServerRoles, METRICS_SERVER_ID } from './metrics-server.ts'
