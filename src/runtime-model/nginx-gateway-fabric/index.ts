export { nginxGatewayFabric } from './controller.ts'
export { gatewayDefinitionNames, gatewayDefinitions, gatewayWords } from './definitions.ts'
export { gatewayObjects } from './manifests.ts'
export { dataPlaneOf, gateways, NGINX_GATEWAY_ID } from './names.ts'
