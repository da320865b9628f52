/**
 * Several ports of an endpoint stand in the order of their hashes, not in that of the Service: upstream sorts them in place when it looks for those that are
 * equal. Hashed is what `dump.ForHash` prints of the Go value, so the two kinds that have such ports have orders of their own.
 * Source: k8s.io/endpointslice/util/controller_utils.go (NewPortMapKey), pkg/api/v1/endpoints/util.go (SortSubsets), k8s.io/utils/dump
 */
type Dump = (port: any) => string
const appProtocolOf = (port: any): string => `AppProtocol:(*string)${port.appProtocol ?? '<nil>'}`
const inSlice: Dump = p => `(v1.EndpointPort){Name:(*string)${p.name ?? ''} Protocol:(*v1.Protocol)${p.protocol} Port:(*int32)${p.port} ${appProtocolOf(p)}}`
const inEndpoints: Dump = p => `(v1.EndpointPort){Name:(string)${p.name ?? ''} Port:(int32)${p.port} Protocol:(v1.Protocol)${p.protocol} ${appProtocolOf(p)}}`

/** As EndpointSlices have them. */
export const orderInSlice = (ports: readonly any[]): readonly any[] => sorted(ports, inSlice)
/** As Endpoints have them. */
export const orderInEndpoints = (ports: readonly any[]): readonly any[] => sorted(ports, inEndpoints)

function sorted(ports: readonly any[], dump: Dump): readonly any[] {
  if (ports.length < 2) return ports
  return ports.map(port => ({ port, hash: hashOf(dump(port)) })).sort((a, b) => a.hash < b.hash ? -1 : 1).map(({ port }) => port)
}

/** a pure function of its text, asked for every pod of a Service: what it has said is remembered */
const hashes = new Map<string, bigint>(), mostHashes = 1000
function hashOf(text: string): bigint {
  const known = hashes.get(text)
  if (known !== undefined) return known
  if (hashes.size >= mostHashes) hashes.clear()
  const hash = fnv128a(text)
  hashes.set(text, hash)
  return hash
}

const offset = 0x6c62272e07bb014262b821756295c58dn, prime = 0x1000000000000000000013bn
/** Source: hash/fnv of Go, New128a; the texts of ports are ASCII */
function fnv128a(text: string): bigint {
  let hash = offset
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(128, (hash ^ BigInt(text.charCodeAt(i))) * prime)
  return hash
}
