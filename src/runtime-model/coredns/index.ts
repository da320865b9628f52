export { clusterFirst, coredns, lookUp, type DnsAnswer, type DnsState, type Resolver } from './coredns.ts'
