export { ingressAdmission } from './admission.ts'
export { ingressNginx } from './controller.ts'
export { ingressNginxObjects } from './manifests.ts'
export { INGRESS_NGINX_ID } from './state.ts'
