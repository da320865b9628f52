export { clusterFirst, coredns, lookUp, type DnsAnswer, type DnsState, type Means, type Resolver } from './coredns.ts'
