import type { Environment } from '@marcbachmann/cel-js'
import { sameValue } from '../../../base/equal.ts'
import { contains, formatIP, parseCidr, parseIP, type Cidr } from '../../api/cidr.ts'
import { AuthorizerValue, DecisionValue, authorizerFunctions } from './authorizer.ts'
import { parseQuantity } from '../../api/quantity.ts'
import { addComprehensions } from './comprehensions.ts'
import { formatText } from './format.ts'
import { cel } from './generated/cel.js'
import { formatFunctions, Formats, NamedFormat } from './named-formats.ts'
import { SemverValue, semverFunctions } from './semver.ts'

/**
 * Functions that Kubernetes adds to CEL: lists, regular expressions, URLs, quantities, addresses, sets, strings.
 * Source: k8s.io/apiserver pkg/cel/library; cel-go ext/strings.go, ext/sets.go, ext/lists.go; comprehensions.ts. Not there: named formats of texts, optional
 * items of literals (`[?x]`).
 */
export class QuantityValue { readonly nano: bigint; constructor(nano: bigint) { this.nano = nano } }
export class UrlValue {
  readonly scheme: string
  readonly host: string
  readonly hostname: string
  readonly port: string
  readonly path: string
  readonly query: string
  constructor(text: string) {
    const m = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:[^@/?#]*@)?((?:\[[^\]]*\]|[^:/?#]*)(?::(\d*))?))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/.exec(text)
    if (!m || !isUrl(text)) throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`)
    this.scheme = m[1] ?? ''; this.host = m[2] ?? ''; this.port = m[3] ?? ''; this.path = m[4]; this.query = m[5] ?? ''
    this.hostname = this.host.replace(/:\d*$/, '').replace(/^\[|\]$/g, '')
  }
}
export class IpValue { readonly bits: 32 | 128; readonly address: bigint; constructor(text: string) {
  const ip = parseIP(text)
  if (!ip) throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`)
  this.bits = ip.bits
  this.address = ip.address
} }
export class CidrValue { readonly range: Cidr; constructor(text: string) {
  const range = parseCidr(text)
  if (!range) throw new Error(`network address parse error during conversion from string: ${text}`)
  this.range = range
} }
class Sets {}
class Lists {}

const isUrl = (text: string): boolean => /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^\s/?#]*([/?#]\S*)?$/.test(text) || /^\/\S*$/.test(text)
const isZero = (value: any): boolean => value === undefined || value === null || value === false || value === 0n || value === 0 || value === ''
  || (typeof value === 'object' && Object.keys(value).length === 0)
const regex = (pattern: string): RegExp => { try { return new RegExp(pattern, 'g') } catch { throw new Error(`Illegal regex: ${pattern}`) } }
const same = (a: any, b: any): boolean => a === b || sameValue(a, b)
const within = (list: readonly any[], value: any): boolean => list.some(item => same(item, value))
const quantity = (text: string): QuantityValue => {
  const q = parseQuantity(text)
  if (!q) throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
  return new QuantityValue(q.nano)
}
const unit = 1_000_000_000n, nanoOfInt = (n: bigint): bigint => n * unit
const least = (list: readonly any[], name: string, better: (a: any, b: any) => boolean): any => {
  if (list.length === 0) throw new Error(`${name} called on empty list`)
  return list.reduce((a, b) => better(b, a) ? b : a)
}
const toRange = (ip: IpValue): Cidr => ({ bits: ip.bits, address: ip.address, prefix: ip.bits })
const splitText = (text: string, by: string, limit: bigint): string[] => {
  const n = Number(limit), parts = text.split(by)
  return n < 0 || parts.length <= n ? parts : n === 0 ? [] : [...parts.slice(0, n - 1), parts.slice(n - 1).join(by)]
}
const replaceText = (text: string, from: string, to: string, limit: bigint): string =>
  limit < 0n ? text.replaceAll(from, to) : splitText(text, from, limit + 1n).join(to)

const functions: Readonly<Record<string, (...args: any[]) => any>> = {
  // lists
  'int(google.protobuf.Timestamp): int': (time: Date) => BigInt(Math.floor(time.getTime() / 1000)),
  'string(google.protobuf.Timestamp): string': (time: Date) => time.toISOString().replace(/\.?0*Z$/, 'Z'),
  'timestamp(google.protobuf.Timestamp): google.protobuf.Timestamp': (time: Date) => time,
  'duration(google.protobuf.Duration): google.protobuf.Duration': (duration: unknown) => duration,
  'string(google.protobuf.Duration): string': ({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }) => `${Number(seconds) + nanos / 1e9}s`,
  'list.isSorted(): bool': (list: any[]) => list.every((v, i) => i === 0 || list[i - 1] <= v),
  'list.sum(): dyn': (list: any[]) => list.length === 0 ? 0n : list.reduce((a, b) => a + b),
  'list.min(): dyn': list => least(list, 'min', (a, b) => a < b), 'list.max(): dyn': list => least(list, 'max', (a, b) => a > b),
  'list.indexOf(dyn): int': (list: any[], value) => BigInt(list.findIndex(v => same(v, value))),
  'list.lastIndexOf(dyn): int': (list: any[], value) => BigInt(list.findLastIndex(v => same(v, value))),
  'list.reverse(): list': (list: any[]) => [...list].reverse(),
  'list.distinct(): list': (list: any[]) => list.filter((v, i) => list.findIndex(o => same(o, v)) === i),
  'list.sort(): list': (list: any[]) => [...list].sort((a, b) => a < b ? -1 : a > b ? 1 : 0),
  'list.slice(int, int): list': (list: any[], from: bigint, to: bigint) => list.slice(Number(from), Number(to)),
  'list.flatten(): list': (list: any[]) => list.flat(1),
  'list.first(): optional': (list: any[]) => cel().Optional.of(list[0]), 'list.last(): optional': (list: any[]) => cel().Optional.of(list.at(-1)),
  'lists.Namespace.range(int): list': (_: Lists, n: bigint) => Array.from({ length: Number(n) }, (_x, i) => BigInt(i)),
  'OptionalNamespace.ofNonZeroValue(dyn): optional': (_: unknown, value: unknown) => isZero(value) ? cel().Optional.none() : cel().Optional.of(value as never),
  'OptionalNamespace.unwrap(list): list': (_: unknown, list: any[]) => list.filter(o => o.hasValue()).map(o => o.value()),
  // sets
  'sets.Namespace.contains(list, list): bool': (_: Sets, a: any[], b: any[]) => b.every(v => within(a, v)),
  'sets.Namespace.equivalent(list, list): bool': (_: Sets, a: any[], b: any[]) => b.every(v => within(a, v)) && a.every(v => within(b, v)),
  'sets.Namespace.intersects(list, list): bool': (_: Sets, a: any[], b: any[]) => b.some(v => within(a, v)),
  // strings
  'string.find(string): string': (text: string, pattern: string) => text.match(new RegExp(regex(pattern).source))?.[0] ?? '',
  'string.findAll(string): list': (text: string, pattern: string) => text.match(regex(pattern)) ?? [],
  'string.findAll(string, int): list': (text: string, pattern: string, limit: bigint) => {
    const all = text.match(regex(pattern)) ?? []
    return limit < 0n ? all : all.slice(0, Number(limit))
  },
  'string.charAt(int): string': (text: string, at: bigint) => {
    if (at < 0n || at > BigInt([...text].length)) throw new Error(`index out of range: ${at}`)
    return [...text][Number(at)] ?? ''
  },
  'string.replace(string, string): string': (text: string, from: string, to: string) => replaceText(text, from, to, -1n),
  'string.replace(string, string, int): string': replaceText,
  'string.reverse(): string': (text: string) => [...text].reverse().join(''), 'string.quote(): string': (text: string) => JSON.stringify(text),
  // URLs
  'url(string): kubernetes.URL': text => new UrlValue(text), 'isURL(string): bool': isUrl,
  'kubernetes.URL.getScheme(): string': (u: UrlValue) => u.scheme, 'kubernetes.URL.getHost(): string': (u: UrlValue) => u.host,
  'kubernetes.URL.getHostname(): string': (u: UrlValue) => u.hostname,
  'kubernetes.URL.getPort(): string': (u: UrlValue) => u.port, 'kubernetes.URL.getEscapedPath(): string': (u: UrlValue) => u.path,
  'kubernetes.URL.getQuery(): map': (u: UrlValue) => u.query.split('&')
    .filter(Boolean)
    .reduce(
      (all: Record<string, string[]>, pair) => {
        const [key, value = ''] = pair.split('=').map(decodeURIComponent)
        return { ...all, [key]: [...all[key] ?? [], value] }
      },
      {}
    ),
  // quantities
  'quantity(string): kubernetes.Quantity': quantity, 'isQuantity(string): bool': text => parseQuantity(text) !== undefined,
  'kubernetes.Quantity.sign(): int': (q: QuantityValue) => q.nano > 0n ? 1n : q.nano < 0n ? -1n : 0n,
  'kubernetes.Quantity.isInteger(): bool': (q: QuantityValue) => q.nano % unit === 0n,
  'kubernetes.Quantity.asInteger(): int': (q: QuantityValue) => {
    if (q.nano % unit !== 0n) throw new Error('cannot convert value to integer')
    return q.nano / unit
  },
  'kubernetes.Quantity.asApproximateFloat(): double': (q: QuantityValue) => Number(q.nano) / 1e9,
  'kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity': (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.nano + b.nano),
  'kubernetes.Quantity.add(int): kubernetes.Quantity': (a: QuantityValue, b: bigint) => new QuantityValue(a.nano + nanoOfInt(b)),
  'kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity': (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.nano - b.nano),
  'kubernetes.Quantity.sub(int): kubernetes.Quantity': (a: QuantityValue, b: bigint) => new QuantityValue(a.nano - nanoOfInt(b)),
  'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool': (a: QuantityValue, b: QuantityValue) => a.nano < b.nano,
  'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool': (a: QuantityValue, b: QuantityValue) => a.nano > b.nano,
  'kubernetes.Quantity.compareTo(kubernetes.Quantity): int': (a: QuantityValue, b: QuantityValue) => a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n,
  // addresses
  'ip(string): net.IP': text => new IpValue(text), 'isIP(string): bool': text => parseIP(text) !== undefined,
  'cidr(string): net.CIDR': text => new CidrValue(text), 'isCIDR(string): bool': text => parseCidr(text) !== undefined,
  'net.IP.family(): int': (ip: IpValue) => ip.bits === 32 ? 4n : 6n,
  'net.IP.isLoopback(): bool': (ip: IpValue) => ip.bits === 32 ? ip.address >> 24n === 127n : ip.address === 1n,
  'net.IP.isUnspecified(): bool': (ip: IpValue) => ip.address === 0n,
  'string(net.IP): string': (ip: IpValue) => formatIP(ip.address, ip.bits),
  'net.CIDR.containsIP(string): bool': (c: CidrValue, text: string) => contains(c.range, toRange(new IpValue(text))),
  'net.CIDR.containsIP(net.IP): bool': (c: CidrValue, ip: IpValue) => contains(c.range, toRange(ip)),
  'net.CIDR.containsCIDR(string): bool': (c: CidrValue, text: string) => contains(c.range, new CidrValue(text).range),
  'net.CIDR.containsCIDR(net.CIDR): bool': (c: CidrValue, other: CidrValue) => contains(c.range, other.range),
  ...authorizerFunctions, ...semverFunctions, ...formatFunctions, 'string.format(list): string': formatText,
  'net.CIDR.ip(): net.IP': (c: CidrValue) => new IpValue(formatIP(c.range.address, c.range.bits)),
  'net.CIDR.prefixLength(): int': (c: CidrValue) => BigInt(c.range.prefix),
}
/** How a signature of the library reads to the checker: its own types stand in front of methods. */
export const signatures: readonly string[] = Object.keys(functions)

export function extend(environment: Environment): Environment {
  environment.registerType('kubernetes.Quantity', QuantityValue)
    .registerType('kubernetes.URL', UrlValue)
    .registerType('net.IP', IpValue)
    .registerType('net.CIDR', CidrValue)
    .registerType('sets.Namespace', Sets).registerType('kubernetes.Semver', SemverValue)
    .registerType('format.Namespace', Formats).registerType('kubernetes.NamedFormat', NamedFormat)
    .registerType('authz.Authorizer', AuthorizerValue).registerType('authz.Decision', DecisionValue)
  environment.registerType('lists.Namespace', Lists)
  environment.registerConstant('sets', 'sets.Namespace', new Sets() as never).registerConstant('lists', 'lists.Namespace', new Lists() as never)
    .registerConstant('format', 'format.Namespace', new Formats() as never)
  for (const [signature, run] of Object.entries(functions)) environment.registerFunction(signature, run as never)
  addComprehensions(environment)
  return environment
}
