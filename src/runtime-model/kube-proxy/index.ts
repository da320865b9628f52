export { kubeProxy } from './kube-proxy.ts'
