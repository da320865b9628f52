import { failure, throwAll } from '../errors.ts'
import { bool, situational, text, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { findObjects, type Item } from '../targets.ts'
import { at, podSpecPath } from '../templates.ts'
import { dryRun, files, output, type Verb } from '../verb.ts'
import { asTyped, pairsOf, withConfig } from '../create/typed.ts'
import { overridden } from '../create/overrides.ts'

/** Makes a Service for what runs already. Sources: kubectl pkg/cmd/expose/expose.go, pkg/polymorphichelpers/{mapbasedselectorforobject,portsforobject}.go. */
export const expose: Verb = {
  flags: {
    ...files, ...output, ...dryRun, selector: text(), name: text(), port: text(), 'target-port': text(), protocol: text(), type: text(), labels: text('l'),
    'cluster-ip': text(), 'external-ip': text(), 'load-balancer-ip': situational(text()), 'session-affinity': text(),
    'field-manager': text(undefined, 'kubectl-expose'), 'save-config': bool(), overrides: text(), 'override-type': situational(text(undefined, 'merge')),
  },
  async run(session, flags) {
    const { items, errors } = await findObjects(session, flags, flags.args, { selects: false }), failed: unknown[] = [...errors]
    for (const item of items) {
      try {
        const kind = kindOf('services'), bare = overridden(serviceOf(session, item, flags), kind, flags), mode = dryRunOf(flags)
        const object = flags.on('save-config') ? withConfig(session, kind, bare) : bare
        const made = mode === 'client'
          ? asTyped(kind, object)
          : await session.send({
            verb: 'create', ...session.of(kind, item.namespace), body: object, fieldManager: flags.text('field-manager'),
            ...mode === 'server' ? { dryRun: true } : {},
          })
        printDone(session, flags, { kind, object: made }, 'exposed', mode)
      } catch (error) { failed.push(error) }
    }
    throwAll(failed)
  },
}

function serviceOf(session: Session, item: Item, flags: Flags): any {
  const selector = flags.given('selector') ? pairsOf(flags.text('selector').split(','), v => failure(`invalid selector: ${v}`)) : selectorOf(item)
  const known = portsOf(item), asked = flags.given('port') ? flags.text('port').split(',') : known.map(p => String(p.port))
  if (asked.length === 0) throw failure("couldn't find port via --port flag or introspection")
  const odd = asked.find(port => !/^\d+$/.test(port)), plain = dryRunOf(flags) === 'client' && !session.namespaceGiven
  if (odd !== undefined) throw failure(`strconv.Atoi: parsing ${JSON.stringify(odd)}: invalid syntax`)
  const target = flags.text('target-port')
  const protocol = (port: string): string => flags.text('protocol') || known.find(p => String(p.port) === port)?.protocol || 'TCP'
  const ports = asked.map((port, i) => ({
    ...asked.length > 1 ? { name: `port-${i + 1}` } : {}, protocol: protocol(port), port: Number(port),
    targetPort: target === '' ? Number(port) : /^\d+$/.test(target) ? Number(target) : target,
  }))
  const labels = flags.given('labels') ? pairsOf(flags.text('labels').split(','), v => failure(`unexpected label spec: ${v}`)) : item.object.metadata.labels
  const one = (key: string, flag: string): object => flags.given(flag) ? { [key]: flags.text(flag) } : {}
  return {
    apiVersion: 'v1', kind: 'Service',
    metadata: { name: flags.text('name') || item.name, ...labels ? { labels } : {}, ...plain ? {} : { namespace: item.namespace } },
    spec: {
      ports, selector, ...one('type', 'type'), ...one('clusterIP', 'cluster-ip'),
      ...flags.text('type') === 'LoadBalancer' ? one('loadBalancerIP', 'load-balancer-ip') : {}, ...one('sessionAffinity', 'session-affinity'),
      ...flags.given('external-ip') ? { externalIPs: [flags.text('external-ip')] } : {},
    },
  }
}
function selectorOf({ kind, object }: Item): Readonly<Record<string, string>> {
  if (kind.kind === 'Pod') {
    if (!object.metadata.labels) throw unselectable('the pod has no labels and cannot be exposed')
    return object.metadata.labels
  }
  if (kind.kind === 'Service') {
    if (!object.spec.selector) throw unselectable('the service has no pod selector set')
    return object.spec.selector
  }
  if (!['Deployment', 'ReplicaSet', 'ReplicationController'].includes(kind.kind)) {
    throw failure(`cannot expose a ${kind.group ? `${kind.kind}.${kind.group}` : kind.kind}`)
  }
  if (kind.kind !== 'ReplicationController' && !object.spec.selector?.matchLabels) {
    throw unselectable(`invalid ${kind.singular}: no selectors, therefore cannot be exposed`)
  }
  if (object.spec.selector?.matchExpressions?.length) {
    const shown = object.spec.selector.matchExpressions.map(({ key, operator, values = [] }: any) =>
      `{Key:${key} Operator:${operator} Values:[${values.join(' ')}]}`)
    throw unselectable(`couldn't convert expressions - "[${shown.join(' ')}]" to map-based selector format`)
  }
  return object.spec.selector?.matchLabels ?? object.spec.selector
}
const unselectable = (why: string): Error => failure(`couldn't retrieve selectors via --selector flag or introspection: ${why}`)
function portsOf({ kind, object }: Item): { readonly port: number; readonly protocol?: string }[] {
  if (kind.kind === 'Service') return object.spec.ports ?? []
  const path = podSpecPath(kind)
  return path ? at(object, path).containers.flatMap((c: any) => (c.ports ?? []).map((p: any) => ({ port: p.containerPort, protocol: p.protocol }))) : []
}
