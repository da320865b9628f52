import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { issueCertificate, readCertificate } from '../src/runtime-model/api/certificate.ts'
import { subjectOfRequest } from '../src/runtime-model/api/certificate-request.ts'
import type { RequestedSubject } from '../src/runtime-model/api/certificate-request.ts'
import { notClient, notKubeletClient, notKubeletServing } from '../src/runtime-model/kube-controller-manager/certificates/requests.ts'
import { scenarioLaws } from './support/scenario-laws.ts'

scenarioLaws('scenarios/certificates')

const requestOf = (name: string): string =>
  /request: (\S+)/.exec(readFileSync(new URL(`../scenarios/certificates/manifests/${name}.yaml`, import.meta.url), 'utf8'))![1]
test('the subject of a request that openssl wrote', () => {
  expect(subjectOfRequest(requestOf('jane'))).toMatchObject({
    commonName: 'jane', organizations: ['editors', 'testers'], countries: [], dnsNames: ['a.example.com'], ipAddresses: ['10.0.0.1'],
  })
  expect(subjectOfRequest(requestOf('mallory'))).toMatchObject({ commonName: 'mallory', organizations: ['system:masters'], dnsNames: [] })
})
test('lengths of two bytes, as an RSA key makes them', () => {
  expect(subjectOfRequest(
    'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ2VEQ0NBV0FDQVFBd016RU5NQXNHQTFVRUF3d0VhbUZ1WlRFUU1BNEdBMVVFQ2d3SFpXUnBkRzl5Y3pFUQpNQTRHQTFVRUNnd0hkR1Z6ZEdWeWN6Q0NBU0l3RFFZSktvWklodmNOQVFFQkJRQURnZ0VQQURDQ0FRb0NnZ0VCCkFMSG9UZHlMOFdpVE1WVERRYjFNN2s3T25LNmJJYWx6ZW8vVHRkS2VWTjJKZy82MVdid1AxTWFvYzJqMnlNTmoKaVRGMTVRVWQ4QTNpaE5MczUybWxOUy9aOFdFaXZ6cDFNdDRVWG5sSDdOOVNPVEo5dFlad3hSTkxSeW5RVWVTeAp5NEw4VXlnRGxEYWN2OGdoTHVXQTZWOE8vK250b1YyRUt6VVVQbHVidDU1Q2lnKzJoU2hhNTlnQlFVcWJ0OHNvCmdjWG5vOFNRajBTK0NZZGtRRjJFcCtjeWdzZXErRVEyOWdQaCtHbG9EYzRVbDYyRTNOSXcrY0tNNzhpNU05SzkKNUQyNVE1WEpMUkp4Yng5cittZGZSQktvWmdaNytTYjJGSGR3L05wdVd0eGJkWTZ3ZnJJNFBjNytiMk9oZzFFOQovR1AyTExRRHcycUU2MW1MZ3BYQVEyVUNBd0VBQWFBQU1BMEdDU3FHU0liM0RRRUJDd1VBQTRJQkFRQmh4ZVZDCnZkMlA2R3dyMDArU3FSRm4rWWlVZTlOQ1FtdFhNZWhvVlhPWXA0Yk5rZDNYS0RvTStveGJaSEZVejVYVVlKWFkKSTlFZGlZQThveEtSbWdEZGFZSVdGQk95dGtCUkJyMlk0NHliMEswYnJsb0hDUnJja3Z4Z0RTbDZnOVdWcUlSZwpINE80THRiSFQ2ODFDclExNlRkcTVodFlMRlJDV00vUFlNRlU1bGlxcDMyYWw3a2Jyais1d000TE1iazJyMUtuCmg1bUdMeWh1MGV2Q0cyMmdEOEpJWXB6R3V5akZlZGFXRm1oUkxnSWR6L1JIMDJMT21OUjFudVo1VE16VmhHcVYKdjIwbHdkN2ZFMVIwYmVQcG1qT0FUSE9ya21BdU13VXc0UTIyVEQ5SmJWMDRhS0ZFcXowSmNlU0M4NVQvanNQbQovK3Y0NXBCQTlvZU56STR6Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo='
  )).toMatchObject({ commonName: 'jane', organizations: ['editors', 'testers'] })
})
test('what is no request has no subject', () => {
  for (const text of ['', 'not base64!', btoa('plain'), btoa('-----BEGIN CERTIFICATE REQUEST-----\nbm90aGluZw==\n-----END CERTIFICATE REQUEST-----')]) {
    expect(subjectOfRequest(text)).toBeUndefined()
  }
  const pem = atob(requestOf('jane')), cut = pem.replace(/\n[A-Za-z0-9+/=]+\n-----END/, '\n-----END')
  expect(subjectOfRequest(btoa(cut))).toBeUndefined()
})

test('a certificate that another reader of X.509 reads', () => {
  const notBeforeMs = Date.UTC(2026, 0, 1), notAfterMs = Date.UTC(2051, 1, 3, 4, 5, 6)
  const pem = issueCertificate({ request: requestOf('jane'), usages: ['client auth', 'digital signature'], notBeforeMs, notAfterMs, seed: 'uid' })!
  const read = new X509Certificate(atob(pem))
  expect(read.issuer).toBe('CN=kubernetes')
  expect(read.subject).toBe('O=editors + O=testers\nCN=jane')
  expect([read.validFrom, read.validTo]).toEqual(['Jan  1 00:00:00 2026 GMT', 'Feb  3 04:05:06 2051 GMT'])
  expect(read.subjectAltName).toBe('DNS:a.example.com, IP Address:10.0.0.1')
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(read.publicKey.asymmetricKeyType).toBe('ec')
  expect(readCertificate(pem)).toEqual({ commonName: 'jane', organizations: ['editors', 'testers'], notBeforeMs, notAfterMs, issuedHere: true })
  expect(readCertificate(requestOf('jane'))).toBeUndefined()
})
test('what the signers refuse, in their words', () => {
  const subject = (more: Partial<RequestedSubject>): RequestedSubject => ({ ...subjectOfRequest(requestOf('worker-9'))!, ...more })
  const client = ['client auth', 'digital signature'], serving = ['server auth', 'digital signature', 'key encipherment']
  expect(notKubeletClient(subject({}), client)).toBeUndefined()
  expect(notKubeletClient(subject({ organizations: ['other'] }), client)).toBe('subject organization is not system:nodes')
  expect(notKubeletClient(subject({ commonName: 'worker-9' }), client)).toBe('subject common name does not begin with system:node:')
  expect(notKubeletClient(subject({ dnsNames: ['a'] }), client)).toBe('DNS subjectAltNames are not allowed')
  expect(notKubeletClient(subject({}), serving)).toBe('usages did not match [client auth digital signature key encipherment]')
  expect(notKubeletServing(subject({ dnsNames: ['a'] }), serving)).toBeUndefined()
  expect(notKubeletServing(subject({ dnsNames: ['a'] }), client)).toBe('usages did not match [digital signature key encipherment server auth]')
  expect(notKubeletServing(subject({ dnsNames: ['a'], uris: ['http://a'] }), serving)).toBe('URI subjectAltNames are not allowed')
  expect(notKubeletServing(subject({ dnsNames: ['a'], commonName: 'worker-9' }), serving)).toBe('subject common name does not begin with system:node:')
  expect(notClient(subject({}), serving)).toBe('invalid usage for client certificate: server auth')
  expect(notClient(subject({}), ['digital signature'])).toBe('missing required usage for client certificate: client auth')
})
