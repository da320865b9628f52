import type { FieldError } from '../kind.ts'
import { dns1123Subdomain } from '../../api/names.ts'
import { invalid } from '../meta/errors.ts'

/**
 * Whom processes of Windows run as. Source: pkg/apis/core/validation/validation.go (validateWindowsSecurityContextOptions), whose limits and patterns these
 * are; every text was seen on a 1.35.4 API server.
 */
const specLimit = 64 * 1024, domainLimit = 256, userLimit = 104
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/, part = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?', dns = new RegExp(`^${part}(?:\\.${part})*$`)
const control = /\p{Cc}/u, notOfUsers = /["/\\:;|=,+*?<>@[\]]/, onlyDots = /^[. ]+$/

export function validateWindowsOptions(options: any, at: string, errors: FieldError[]): void {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options ?? {}
  if (name !== undefined) for (const text of dns1123Subdomain(name)) errors.push(invalid(`${at}.gmsaCredentialSpecName`, name, text))
  if (spec === '') errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'))
  else if (spec?.length > specLimit) errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB'))
  if (user !== undefined) for (const text of userProblems(user)) errors.push(invalid(`${at}.runAsUserName`, user, text))
}

/** `DOMAIN\\user` */
function userProblems(text: string): readonly string[] {
  if (text === '') return ['runAsUserName cannot be an empty string']
  if (control.test(text)) return ['runAsUserName cannot contain control characters']
  const parts = text.split('\\')
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash']
  const user = parts.at(-1)!, domain = parts.length === 2 ? parts[0] : undefined, problems: string[] = []
  if (domain !== undefined && domain.length >= domainLimit) problems.push(`runAsUserName's Domain length must be under ${domainLimit} characters`)
  if (domain !== undefined && !netBios.test(domain) && !dns.test(domain)) problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
  if (user === '') problems.push("runAsUserName's User cannot be empty")
  else if (user.length > userLimit) problems.push(`runAsUserName's User length must not be longer than ${userLimit} characters`)
  if (notOfUsers.test(user)) problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]')
  if (onlyDots.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces")
  return problems
}
