import { parseTime } from '../../../runtime-model/api/time.ts'
import { selectorText } from '../selector.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'

/** Source: describe.go, NetworkPolicyDescriber. */
export const networkPolicy: Describer = async (page, _, object) => {
  const { metadata, spec } = object, types: readonly string[] = spec.policyTypes ?? []
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  page.line(0, 'Created on:', `${new Date(parseTime(metadata.creationTimestamp)).toISOString().replace('T', ' ').slice(0, 19)} +0000 UTC`)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'Spec:')
  page.line(1, `PodSelector:     ${selectorText(spec.podSelector, '<none> (Allowing the specific traffic to all pods in this namespace)')}`)
  if (types.includes('Ingress')) {
    page.line(1, 'Allowing ingress traffic:')
    rules(page, spec.ingress ?? [], 'ingress')
  } else page.line(1, 'Not affecting ingress traffic')
  if (types.includes('Egress')) {
    page.line(1, 'Allowing egress traffic:')
    rules(page, spec.egress ?? [], 'egress')
  } else page.line(1, 'Not affecting egress traffic')
  page.line(1, `Policy Types: ${types.join(', ')}`)
}

function rules(page: Page, all: readonly any[], direction: 'ingress' | 'egress'): void {
  const [word, field, end] = direction === 'ingress' ? ['From', 'from', 'source'] : ['To', 'to', 'destination']
  if (all.length === 0) page.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`)
  all.forEach((rule, i) => {
    if (!rule.ports?.length) page.line(2, 'To Port: <any> (traffic allowed to all ports)')
    for (const { protocol = 'TCP', port, endPort } of rule.ports ?? []) {
      page.line(2, endPort === undefined ? `To Port: ${port ?? '<nil>'}/${protocol}` : `To Port Range: ${port}-${endPort}/${protocol}`)
    }
    if (!rule[field]?.length) page.line(2, `${word}: <any> (traffic not restricted by ${end})`)
    for (const peer of rule[field] ?? []) {
      page.line(2, `${word}:`)
      if (peer.namespaceSelector) page.line(3, `NamespaceSelector: ${selectorText(peer.namespaceSelector)}`)
      if (peer.podSelector) page.line(3, `PodSelector: ${selectorText(peer.podSelector)}`)
      if (!peer.ipBlock) continue
      page.line(3, 'IPBlock:')
      page.line(4, `CIDR: ${peer.ipBlock.cidr}`)
      page.line(4, `Except: ${(peer.ipBlock.except ?? []).join(', ')}`)
    }
    if (i < all.length - 1) page.line(2, '----------')
  })
}

/** Source: describe.go, IngressClassDescriber. */
export const ingressClass: Describer = async (page, kind, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.pairs('Labels', object.metadata.labels)
  page.annotations('Annotations', object.metadata.annotations)
  page.line(0, 'Controller:', object.spec?.controller ?? '')
  const { parameters } = object.spec ?? {}
  if (parameters) {
    page.line(0, 'Parameters:')
    if (parameters.apiGroup) page.line(1, 'APIGroup:', parameters.apiGroup)
    page.line(1, 'Kind:', parameters.kind)
    page.line(1, 'Name:', parameters.name)
  }
  await describeEvents(page, kind, object)
}
