import { subjectOfRequest } from '../../../runtime-model/api/certificate-request.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import { failure } from '../errors.ts'
import { rfc1123 } from './containers.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'

/** as labels.FormatLabels prints a map */
const pairsText = (pairs: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(pairs ?? {}).sort().map(k => `${k}=${pairs![k]}`).join(',') || '<none>'
function lines(page: Page, title: string, values: readonly string[]): void {
  if (values.length > 0) page.line(0, '', `${title}:`, values.join('\n\t\t'))
}

/** Source: describe.go, describeCertificateSigningRequest. */
export const signingRequest: Describer = async (page, kind, object) => {
  const { metadata, spec } = object, subject = subjectOfRequest(spec.request)
  if (!subject) throw failure('Error parsing CSR: asn1: structure error')
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Labels:', pairsText(metadata.labels))
  page.line(0, 'Annotations:', pairsText(metadata.annotations))
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  page.line(0, 'Requesting User:', spec.username ?? '')
  page.line(0, 'Signer:', spec.signerName)
  if (spec.expirationSeconds !== undefined) page.line(0, 'Requested Duration:', humanDuration(spec.expirationSeconds * 1000))
  page.line(0, 'Status:', String(kind.cells!(object, 0).at(-1)))
  page.line(0, 'Subject:')
  page.line(0, '', 'Common Name:', subject.commonName)
  page.line(0, '', 'Serial Number:', subject.serialNumber)
  lines(page, 'Organization', subject.organizations)
  lines(page, 'Organizational Unit', subject.organizationalUnits)
  lines(page, 'Country', subject.countries)
  lines(page, 'Locality', subject.localities)
  lines(page, 'Province', subject.provinces)
  const { dnsNames, emailAddresses, uris, ipAddresses } = subject
  if (dnsNames.length + emailAddresses.length + uris.length + ipAddresses.length > 0) {
    page.line(0, 'Subject Alternative Names:')
    lines(page, 'DNS Names', dnsNames)
    lines(page, 'Email Addresses', emailAddresses)
    lines(page, 'URIs', uris)
    lines(page, 'IP Addresses', ipAddresses)
  }
  await describeEvents(page, kind, object)
}
