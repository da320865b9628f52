export { coredns, lookUp, type DnsAnswer, type DnsState } from './coredns.ts'
