import type { FieldError } from '../kind.ts'
import { parseIP } from '../../api/cidr.ts'
import { dns1123Subdomain, ipText } from '../../api/names.ts'
import { invalid, required } from '../meta/errors.ts'

/** Names and name servers that pods are given. Source: pkg/apis/core/validation/validation.go (validatePodDNSConfig, ValidateHostAliases). */
export function validateDns({ dnsPolicy, dnsConfig }: any, at: string, errors: FieldError[]): void {
  const servers: readonly string[] = dnsConfig?.nameservers ?? [], searches: readonly string[] = dnsConfig?.searches ?? []
  if (dnsPolicy === 'None' && !dnsConfig) { errors.push(required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')); return }
  if (dnsPolicy === 'None' && servers.length === 0) {
    errors.push(required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
    return
  }
  if (servers.length > 3) errors.push(invalid(`${at}.nameservers`, servers, 'must not have more than 3 nameservers'))
  servers.forEach((ip, i) => { if (!parseIP(ip)) errors.push(invalid(`${at}.nameservers[${i}]`, ip, ipText)) })
  if (searches.length > 32) errors.push(invalid(`${at}.searches`, searches, 'must not have more than 32 search paths'))
  searches.forEach((search, i) => { if (search !== '.' && !searchPath.test(search.replace(/\.$/, ''))) errors.push(invalid(`${at}.searches[${i}]`, search, searchText)) })
  ;(dnsConfig?.options ?? []).forEach((option: any, i: number) => { if (!option.name) errors.push(required(`${at}.options[${i}]`, 'must not be empty')) })
}
const searchPattern = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*', searchPath = new RegExp(`^${searchPattern}$`)
const searchText =
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${searchPattern}')`
export function validateHostAliases(aliases: readonly any[], at: string, errors: FieldError[]): void {
  aliases.forEach(({ ip = '', hostnames = [] }, i) => {
    if (!parseIP(ip)) errors.push(invalid(`${at}[${i}].ip`, ip, ipText))
    hostnames.forEach((host: string, j: number) => {
      for (const text of dns1123Subdomain(host)) errors.push(invalid(`${at}[${i}].hostnames[${j}]`, host, text))
    })
  })
}
