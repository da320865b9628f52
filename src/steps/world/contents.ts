import type { StepDefinition } from '../../extension.ts'
import { defineStep } from '../../extension.ts'
import { pairsOf } from '../pairs.ts'
import { applied, inWords } from './workloads.ts'

const configMap = defineStep({
  id: 'configmap', kind: 'world',
  phrases: inWords('configmap', 'config map', ['configmap {name} with data:', 'configmap {name}:']), parameters: { name: 'namespace' }, argument: 'table',
  doc: 'A ConfigMap with these keys and values, a table of key | value.', examples: ['configmap settings with data:'],
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
  run: (context, { name }, { argument }) =>
    applied(context, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: Object.fromEntries(pairsOf(argument)) }),
})
const secret = defineStep({
  id: 'secret', kind: 'world', phrases: ['secret {name} with data:', 'secret {name}:'], parameters: { name: 'namespace' }, argument: 'table',
  doc: 'An Opaque Secret with these keys and values, a table of key | value; the values are written as they are read, not in base64.',
  examples: ['secret db with data:'], source: 'https://kubernetes.io/docs/concepts/configuration/secret/',
  run: (context, { name }, { argument }) =>
    applied(context, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData: Object.fromEntries(pairsOf(argument)) }),
})
/** One key in the sentence itself. */
const withKey = (kind: 'ConfigMap' | 'Secret', field: 'data' | 'stringData'): StepDefinition => {
  const noun = kind.toLowerCase()
  return defineStep({
    id: `${noun}-with-key`, kind: 'world', parameters: { name: 'namespace', pair: 'value', key: 'value', value: 'value' },
    phrases: [kind === 'ConfigMap' ? 'config map' : noun, noun].filter((word, i, all) => all.indexOf(word) === i).flatMap(word =>
      [`${word} {name} with {pair}`, `${word} {name} with key {key} and value {value}`, `${word} {name} with key {key} = {value}`]),
    doc: `A ${kind} with one key, and its value as it is read.`, examples: [`${noun} settings with COLOUR=blue`, `${noun} settings with key COLOUR and value "light blue"`],
    source: `https://kubernetes.io/docs/concepts/configuration/${noun}/`,
    run(context, { name, pair, key, value }) {
      const [, own, said] = pair === undefined ? [pair, key, value] : /^([^=]+)=(.*)$/s.exec(pair) ?? []
      if (own === undefined) return { cannotRun: `a ${kind} holds KEY=value, which ${pair} is not` }
      return applied(context, { apiVersion: 'v1', kind, metadata: { name }, [field]: { [own]: said } })
    },
  })
}
const serviceAccount = defineStep({
  id: 'serviceaccount', kind: 'world', phrases: ['serviceaccount {name}', 'service account {name}'], parameters: { name: 'namespace' },
  doc: 'A ServiceAccount, which may do nothing yet.', examples: ['serviceaccount robot'],
  source: 'https://kubernetes.io/docs/concepts/security/service-accounts/',
  run: (context, { name }) => applied(context, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }),
})
const claim = defineStep({
  id: 'pvc', kind: 'world',
  phrases: ['pvc/persistentvolumeclaim', 'persistent volume claim'].flatMap(noun => [
    `${noun} {name} of/for {size}`, ...['from', 'of', 'with'].flatMap(by => ['storageclass/class', 'storage class'].map(word => `${noun} {name} of/for {size} ${by} ${word} {class}`)),
  ]),
  parameters: { name: 'namespace', size: 'quantity', class: 'word' },
  doc: 'A PersistentVolumeClaim of this size (ReadWriteOnce), of the default StorageClass unless another is named.',
  examples: ['pvc data of 1Gi', 'pvc data of 10Gi from storageclass fast'], source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/',
  run: (context, { name, size, class: storageClassName }) => applied(context, {
    apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, ...storageClassName ? { storageClassName } : {} },
  }),
})

export const contents: readonly StepDefinition[] = [configMap, secret, withKey('ConfigMap', 'data'), withKey('Secret', 'stringData'), serviceAccount, claim]
