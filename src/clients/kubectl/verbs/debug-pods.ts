import { failure } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'

/** The debugging container, as flags and profile make it, without its name. */
export interface DebugContainer {
  readonly image?: string
  readonly imagePullPolicy?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly any[]
  readonly securityContext?: any
  readonly stdin?: true
  readonly tty?: true
}
type Naming = (pod: any) => string

/** What a profile grants is of no use to a user that is not root. Source: kubectl pkg/cmd/debug/debug.go (displayWarning) */
export function warnOfUser(session: Session, pod: any, { securityContext }: DebugContainer): void {
  const grants = securityContext?.privileged || securityContext?.capabilities?.add?.length > 0
  if (pod.spec.securityContext?.runAsUser && securityContext?.runAsUser !== 0 && grants) session.complain(nonRoot)
}
const nonRoot = 'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. '
  + 'Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".'

const without = (object: any, fields: readonly string[]): any => Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)))
const probes = [['keep-liveness', 'livenessProbe'], ['keep-readiness', 'readinessProbe'], ['keep-startup', 'startupProbe']] as const

/**
 * `--copy-to`: a pod like this one, with a container more or one that is changed. Source: kubectl pkg/cmd/debug/debug.go (generatePodCopyWithDebugContainer),
 * profiles.go.
 */
export async function copyPod(session: Session, flags: Flags, pod: any, container: DebugContainer, freeName: Naming): Promise<void> {
  const kind = kindOf('pods'), { namespace, labels, annotations } = pod.metadata
  const images = new Map(flags.list('set-image').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const))
  const renewed = pod.spec.containers.map((c: any) => { const image = images.get(c.name) ?? images.get('*'); return image ? { ...c, image } : c })
  const asked = flags.text('container')
  const share = flags.given('share-processes') ? { shareProcessNamespace: flags.on('share-processes') } : {}
  const spec = { ...without(pod.spec, ['ephemeralContainers', ...flags.on('same-node') ? [] : ['nodeName']]), containers: renewed, ...share }
  const plain = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: flags.text('copy-to'), namespace, ...labels ? { labels } : {}, ...annotations ? { annotations } : {} },
    spec,
  }
  const known = renewed.some((c: any) => c.name === asked)
  if (!known && container.image === undefined && images.size === 0) {
    throw failure(asked ? 'you must specify image when creating new container' : 'you must specify --image, --set-image or command arguments.')
  }
  const unchanged = !known && container.image === undefined, name = known ? asked : asked || (unchanged ? '' : freeName(pod))
  const copy = unchanged ? plain : profiled(flags, plain, name, container)
  if (!unchanged) warnOfUser(session, copy, copy.spec.containers.find((c: any) => c.name === name))
  await session.send({ verb: 'create', ...session.of(kind, namespace), body: copy })
  if (flags.on('replace')) await session.send({ verb: 'delete', ...session.of(kind, namespace), name: pod.metadata.name, body: {} })
}
/** Only the old profile keeps annotations and probes; labels go with any, so that no Service sends to the copy. */
function profiled(flags: Flags, pod: any, name: string, debug: DebugContainer): any {
  const legacy = flags.text('profile') === 'legacy', drop = probes.filter(([flag]) => !legacy && !flags.on(flag)).map(([, field]) => field)
  const containers = [
    ...pod.spec.containers, ...pod.spec.containers.some((c: any) => c.name === name) ? [] : [{ name, resources: {}, terminationMessagePolicy: 'File' }],
  ]
    .map(c => without(c, drop)).map(c => c.name === name ? { ...c, ...debug } : c)
  const { name: called, namespace, labels, annotations } = pod.metadata
  return {
    ...pod,
    metadata: {
      name: called, namespace, ...labels && flags.on('keep-labels') ? { labels } : {},
      ...annotations && (legacy || flags.on('keep-annotations')) ? { annotations } : {},
    },
    spec: {
      ...flags.on('keep-init-containers') ? pod.spec : without(pod.spec, ['initContainers']), containers,
      ...legacy || pod.spec.shareProcessNamespace !== undefined ? {} : { shareProcessNamespace: true },
    },
  }
}

/** What a profile gives a pod on a node. Source: profiles.go */
const onNode: Readonly<Record<string, { readonly host: boolean; readonly root: boolean }>> = {
  legacy: { host: true, root: true }, general: { host: true, root: true }, sysadmin: { host: true, root: true }, netadmin: { host: true, root: false },
  baseline: { host: false, root: false }, restricted: { host: false, root: false },
}
/** `debug node/NAME`: a pod in the namespaces of the node. Source: debug.go (generateNodeDebugPod). */
export async function debugNode(session: Session, flags: Flags, node: any, container: DebugContainer, suffix: (seed: string) => string): Promise<void> {
  const { name } = node.metadata, profile = flags.text('profile'), { host, root } = onNode[profile], called = flags.text('container') || 'debugger'
  const podName = `node-debugger-${name}-${suffix(`${node.metadata.uid} ${session.now}`)}`
  // on a node the general profile takes nothing for itself
  const { securityContext, ...rest } = container, own = profile === 'general' || !securityContext ? rest : container
  if (!flags.on('quiet')) session.print(`Creating debugging pod ${podName} with container ${called} on node ${name}.`)
  await session.send({
    verb: 'create', ...session.of(kindOf('pods')), body: {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: podName, namespace: session.namespace, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
      spec: {
        containers: [{
          name: called, ...own, resources: {}, terminationMessagePolicy: 'File', ...root ? { volumeMounts: [{ name: 'host-root', mountPath: '/host' }] } : {},
        }],
        ...host ? { hostIPC: true, hostNetwork: true, hostPID: true } : {}, nodeName: name, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }],
        ...root ? { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] } : {},
      },
    },
  })
}
