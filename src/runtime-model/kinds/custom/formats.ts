import { formatTime, parseTime } from '../../api/time.ts'

/**
 * Formats of strings that the API server checks; names that it does not know are accepted whatever they say.
 * Source: k8s.io/kube-openapi pkg/validation/strfmt, k8s.io/apiextensions-apiserver pkg/apiserver/validation/formats.go.
 */
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)', ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`)
const isIpv6 = (text: string): boolean => {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':') || text.split('::').length > 2) return false
  const groups = text.split(':').filter(g => g !== ''), last = groups.at(-1) ?? '', embedded = last.includes('.')
  if (embedded && !ipv4.test(last)) return false
  const count = groups.length + (embedded ? 1 : 0)
  return groups.every((g, i) => (embedded && i === groups.length - 1) || g.length <= 4) && (text.includes('::') ? count < 8 : count === 8)
}
const isCidr = (text: string): boolean => {
  const [address, bits, ...more] = text.split('/')
  return more.length === 0 && /^\d{1,3}$/.test(bits ?? '') && ((ipv4.test(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128))
}
/** A day that the calendar has: it comes back the same from calendar time. */
const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && formatTime(parseTime(`${text}T00:00:00Z`)).startsWith(text)
const isDateTime = (text: string): boolean => {
  const m = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text)
  return m !== null && isDate(m[1])
}
export const isDuration = (text: string): boolean =>
  /^[+-]?(?:0|(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*)$/.test(text)
const hostname = /^(?=.{1,255}$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.?$/
const uuid = (version: string): RegExp =>
  new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${version === '3' || version === '[0-9a-f]' ? '[0-9a-f]' : '[89ab]'}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'
  )
const matches = (pattern: RegExp) => (text: string): boolean => pattern.test(text)

export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime, date: isDate, duration: isDuration, datetime: isDateTime,
  email: matches(/^[^\s@<>()[\]\\,;:"]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/),
  hostname: matches(hostname), ipv4: matches(ipv4), ipv6: isIpv6, cidr: isCidr, mac: matches(/^(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/),
  uri: matches(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\S+|\/\S*)$/), uuid: matches(uuid('[0-9a-f]')), uuid3: matches(uuid('3')), uuid4: matches(uuid('4')),
  uuid5: matches(uuid('5')),
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/), isbn: matches(/^(?:[\d-]{9,16}[\dX])$/),
  isbn10: matches(/^(?:\d-?){9}[\dX]$/), isbn13: matches(/^(?:\d-?){13}$/),
  creditcard: matches(/^(?:\d[ -]?){13,16}$/), ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/), hexcolor: matches(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: matches(/^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/),
  bsonobjectid: matches(/^[0-9a-fA-F]{24}$/), 'k8s-short-name': matches(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/),
  'k8s-long-name': matches(/^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/),
}
