import { expect, test } from 'vitest'
import { serversThatHave as servers } from './support/api-servers.ts'

/** The words of a 1.35.4 API server about annotations that mean something to it. */
const cost = 'controller.kubernetes.io/pod-deletion-cost', mirror = 'kubernetes.io/config.mirror', seccomp = 'seccomp.security.alpha.kubernetes.io/pod'
const ofContainer = 'container.seccomp.security.alpha.kubernetes.io/app', appArmor = 'container.apparmor.security.beta.kubernetes.io/'
type Annotations = Readonly<Record<string, string>>
const spec = { containers: [{ name: 'app', image: 'example.com/app:1' }] }
const said = ({ code, body }: { readonly code: number; readonly body?: any }): string => code < 300 ? '' : body.message.replace(/^.*? is invalid: /, '')

const wrong: readonly (readonly [Annotations, string])[] = [
  ...['', '+5', '007', '2147483648', '-', '1.5'].map(value =>
    [{ [cost]: value }, `metadata.annotations[${cost}]: Invalid value: ${JSON.stringify(value)}: must be a 32bit integer`] as const),
  [{ [cost]: '-2147483648' }, ''], [{ [cost]: '0' }, ''], [{ [ofContainer]: 'localhost/a' }, ''],
  [{ [mirror]: 'x' }, `metadata.annotations[${mirror}]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set`],
  [{ [seccomp]: 'odd', [ofContainer]: 'docker/default' }, `metadata.annotations.${seccomp}: Invalid value: "odd": must be a valid seccomp profile`],
  [
    { [ofContainer]: 'also', [seccomp]: 'odd', [cost]: 'x', [`${appArmor}app`]: 'wrong', [mirror]: 'm' },
    `[metadata.annotations[${mirror}]: Invalid value: "m": must set spec.nodeName if mirror pod annotation is set, metadata.annotations[${cost}]: Invalid value: "x": must be a 32bit integer, metadata.annotations.${seccomp}: Invalid value: "odd": must be a valid seccomp profile, metadata.annotations.${ofContainer}: Invalid value: "also": must be a valid seccomp profile, metadata.annotations[${appArmor}app]: Invalid value: "wrong": invalid AppArmor profile name: "wrong"]`,
  ],
  [
    { [`${appArmor}nobody`]: 'odd' },
    `[metadata.annotations[${appArmor}nobody]: Invalid value: "nobody": container not found, metadata.annotations[${appArmor}nobody]: Invalid value: "odd": invalid AppArmor profile name: "odd"]`,
  ],
]
test.each(wrong)('of a pod and of a template: %j', (annotations, words) => {
  const s = servers()
  expect(said(s.ask({ verb: 'create', resource: 'pods', namespace: 'default', body: { metadata: { name: 'a', annotations }, spec } }))).toBe(words)
  const template = { metadata: { labels: { app: 'a' }, annotations }, spec }
  const body = { metadata: { name: 'a' }, spec: { replicas: 0, selector: { matchLabels: { app: 'a' } }, template } }
  expect(said(s.ask({ verb: 'create', group: 'apps', resource: 'deployments', namespace: 'default', body })))
    .toBe(words.replaceAll('metadata.annotations', 'spec.template.annotations'))
})

const given = { [`${appArmor}app`]: 'unconfined', [cost]: '5' }, fixed = 'may not remove or update AppArmor annotations'
const later: readonly (readonly [Annotations, string])[] = [
  [{ ...given, [cost]: '6' }, ''], [{ ...given, [cost]: 'x' }, `metadata.annotations[${cost}]: Invalid value: "x": must be a 32bit integer`],
  [{ ...given, [`${appArmor}app`]: 'runtime/default' }, `metadata.annotations[${appArmor}app]: Forbidden: ${fixed}`],
  [{ [cost]: '5' }, `metadata.annotations[${appArmor}app]: Forbidden: ${fixed}`],
  [
    { ...given, [`${appArmor}other`]: 'unconfined' },
    `[metadata.annotations[${appArmor}other]: Invalid value: "other": container not found, metadata.annotations[${appArmor}other]: Forbidden: may not add AppArmor annotations]`,
  ],
  [
    { ...given, [mirror]: 'x' },
    `[metadata.annotations[${mirror}]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set, metadata.annotations[${mirror}]: Forbidden: may not add mirror pod annotation]`,
  ],
]
test.each(later)('of a pod that is there: %j', (annotations, words) => {
  const s = servers(), gated = { ...spec, schedulingGates: [{ name: 'example.com/wait' }] }
  s.ask({ verb: 'create', resource: 'pods', namespace: 'default', body: { metadata: { name: 'a', annotations: given }, spec: gated } })
  const pod = s.ask({ verb: 'get', resource: 'pods', namespace: 'default', name: 'a' }).body
  const body = { ...pod, metadata: { ...pod.metadata, annotations } }
  expect(said(s.ask({ verb: 'update', resource: 'pods', namespace: 'default', name: 'a', body }))).toBe(words)
})
