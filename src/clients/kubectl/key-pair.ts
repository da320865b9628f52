import { bytesOfPem, elementAt, SEQUENCE } from '../../runtime-model/api/der.ts'
import { readCertificate } from '../../runtime-model/api/certificate.ts'

/**
 * Why a certificate and a private key are none, in the words of Go's crypto/tls. Whether the key is that of the certificate is not looked at. Sources:
 * go/src/crypto/tls/tls.go (X509KeyPair), go/src/encoding/pem
 */
export function wrongKeyPair(certificate: string, key: string): string | undefined {
  const certificates = labelsIn(certificate), keys = labelsIn(key)
  if (!certificates.includes('CERTIFICATE')) return `tls: ${noCertificate(certificates)}`
  const label = keys.find(isKey)
  if (label === undefined) return `tls: ${noKey(keys)}`
  if (!readCertificate(base64(certificate))) return 'x509: malformed certificate'
  const bytes = bytesOfPem(base64(key), label)
  return bytes && elementAt(bytes, 0)?.tag === SEQUENCE ? undefined : 'tls: failed to parse private key'
}
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
const isKey = (label: string): boolean => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY')

function noCertificate(labels: readonly string[]): string {
  if (labels.length === 0) return 'failed to find any PEM data in certificate input'
  if (labels.length === 1 && labels[0].endsWith('PRIVATE KEY')) {
    return 'failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
  }
  return `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${labels.join(' ')}]`
}
function noKey(labels: readonly string[]): string {
  if (labels.length === 0) return 'failed to find any PEM data in key input'
  if (labels.length === 1 && labels[0] === 'CERTIFICATE') return 'found a certificate rather than a key in the PEM for the private key'
  return `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${labels.join(' ')}]`
}

/** The labels of all PEM blocks, in their order. A block has a line of its own at each end. */
const labelsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^-----BEGIN ([^\n]*?)-----[ \t\r]*\n(?:[^\n:]+: [^\n]*\n)*[A-Za-z0-9+/=\s]*^-----END \1-----[ \t\r]*$/gm)].map(match => match[1])
