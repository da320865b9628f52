import { isImageReference } from '../../../runtime-model/api/image-names.ts'
import { ApiError, failure, messageOf, usage } from '../errors.ts'
import { array, bool, duration, inert, int, int32, list, optional, situational, text, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { dryRunOf, printDone, printerOf } from '../printers/index.ts'
import { dryRun, output, type Verb } from '../verb.ts'
import { overridden } from './overrides.ts'
import { commandOf, containerName, creation, make, pairsOf, withConfig } from './typed.ts'

/** Source: create_deployment.go. */
export const deployment = creation({
  of: 'deployments', wrapped: 'deployment', required: ['image'], flags: { image: list(), port: int32('-1'), replicas: { ...int32('1'), short: 'r' } },
  build(name, flags) {
    const images = flags.list('image'), command = commandOf(flags), labels = { app: name }, port = flags.int('port')
    if (images.length > 1 && command.length > 0) throw failure('cannot specify multiple --image options and command')
    const containers = images.map((image, i) => ({
      name: containerName(image), image, ...command.length ? { command } : {}, ...port >= 0 && i === 0 ? { ports: [{ containerPort: port }] } : {},
      resources: {},
    }))
    return {
      metadata: { name, labels },
      spec: { replicas: flags.int('replicas'), selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } }, strategy: {} },
    }
  },
})

/** Source: create_job.go. */
export const job = creation({
  of: 'jobs', wrapped: 'job', discovers: true, flags: { image: text(), from: text() },
  async build(name, flags, session) {
    if (flags.given('from')) {
      if (flags.given('image')) throw failure('either --image or --from must be specified')
      return fromCronJob(name, flags.text('from'), session)
    }
    if (!flags.given('image')) throw failure('either --image or --from must be specified')
    return {
      metadata: { name },
      spec: {
        template: {
          metadata: {},
          spec: {
            containers: [{ name, image: flags.text('image'), ...commandOf(flags).length ? { command: commandOf(flags) } : {}, resources: {} }],
            restartPolicy: 'Never',
          },
        },
      },
    }
  },
})
async function fromCronJob(name: string, from: string, session: Session): Promise<any> {
  const [type, source] = from.split('/')
  if (!source || kindOf(type).kind !== 'CronJob') {
    if (source) { await session.get(kindOf(type), source); throw failure(`unknown object type *${kindOf(type).version}.${kindOf(type).kind}`) }
    throw failure('from must be an existing cronjob')
  }
  const cronJob = await session.get(kindOf('cronjobs'), source), template = cronJob.spec.jobTemplate
  return {
    metadata: {
      name, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template.metadata?.annotations },
      ...template.metadata?.labels ? { labels: template.metadata.labels } : {},
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: source, uid: cronJob.metadata.uid, controller: true }],
    },
    spec: template.spec,
  }
}

/** Source: create_cronjob.go. */
export const cronJob = creation({
  of: 'cronjobs', wrapped: 'cronjob', required: ['image', 'schedule'], flags: { image: text(), schedule: text(), restart: text() },
  build(name, flags) {
    const container = { name, image: flags.text('image'), ...commandOf(flags).length ? { command: commandOf(flags) } : {}, resources: {} }
    return {
      metadata: { name },
      spec: {
        schedule: flags.text('schedule'),
        jobTemplate: {
          metadata: { name }, spec: { template: { metadata: {}, spec: { containers: [container], restartPolicy: flags.text('restart') || 'OnFailure' } } },
        },
      },
    }
  },
})

/** `kubectl run`: one Pod. Source: pkg/cmd/run/run.go. */
export const run: Verb = {
  discovers: false,
  flags: {
    ...output, ...dryRun, image: text(), port: text(), env: array(), labels: text('l'), restart: text(undefined, 'Always'), command: situational(bool()),
    expose: bool(), 'image-pull-policy': text(), annotations: array(), privileged: bool(), overrides: text(),
    'override-type': situational(text(undefined, 'merge')),
    rm: bool(), stdin: bool('i'), tty: bool('t'), attach: bool(), quiet: inert(bool('q')), 'field-manager': text(undefined, 'kubectl-run'),
    'save-config': bool(), 'leave-stdin-open': inert(bool()), 'pod-running-timeout': inert(duration('1m0s')),
    // of the deletion that --rm ends with
    cascade: inert(optional('background', 'background')), filename: inert(list('f')), kustomize: inert(text('k')), recursive: inert(bool('R')),
    force: inert(bool()), 'grace-period': inert(int('-1')), timeout: inert(duration('0s')), wait: inert(bool()),
  },
  async run(session, flags, command) {
    const attached = ['rm', 'stdin', 'tty', 'attach'].find(f => flags.on(f))
    const words = flags.dashAt === undefined ? flags.args.slice(1) : [...flags.args.slice(1, flags.dashAt), ...commandOf(flags)]
    if (!flags.given('image')) throw failure('required flag(s) "image" not set')
    if (flags.args.length === 0) throw usage(command, 'NAME is required for run')
    if (flags.text('image') === '') throw failure('--image is required')
    if (!isImageReference(flags.text('image'))) throw failure(`Invalid image name ${JSON.stringify(flags.text('image'))}: invalid reference format`)
    if (flags.on('tty') && !flags.on('stdin')) throw usage(command, '-i/--stdin is required for containers with -t/--tty=true')
    if (flags.on('expose') && flags.text('port') === '') throw usage(command, '--port must be set when exposing a service')
    if (!['Always', 'OnFailure', 'Never'].includes(flags.text('restart'))) throw usage(command, `invalid restart policy: ${flags.text('restart')}`)
    if (flags.on('rm') && !flags.on('attach') && !flags.on('stdin')) throw usage(command, '--rm should only be used for attached containers')
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.text('image-pull-policy'))) {
      throw usage(command, `invalid image pull policy: ${flags.text('image-pull-policy')}`)
    }
    if (flags.given('port') && !/^\d+$/.test(flags.text('port'))) throw failure(`strconv.Atoi: parsing ${JSON.stringify(flags.text('port'))}: invalid syntax`)
    const plain = podOf(flags.args[0], flags.text('image'), words, flags), object = overridden(plain, kindOf('pods'), flags)
    if (attached) return (await import('./attached.ts')).runAttached(session, flags, command, object, words)
    const mode = dryRunOf(flags), dry = mode === 'client', { namespace } = session
    const placed = dry && !session.namespaceGiven ? object : { ...object, metadata: { ...object.metadata, namespace } }
    const pod = await make(session, flags, 'pods', flags.on('save-config') && !dry ? withConfig(session, kindOf('pods'), placed) : placed)
    const failed = flags.on('expose') ? await exposed(session, flags, plain.metadata) : undefined
    printDone(session, flags, { kind: kindOf('pods'), object: pod }, 'created', mode)
    if (failed !== undefined) throw failed
  },
}
/** The Service of `--expose`, made once the pod is there and told before it; why it could not be made, if so. Source: run.go (generateService). */
async function exposed(session: Session, flags: Flags, { name, labels }: any): Promise<unknown> {
  const port = Number(flags.text('port')), mode = dryRunOf(flags), namespaced = mode !== 'client' || session.namespaceGiven
  try {
    const service = await make(session, flags, 'services', {
      apiVersion: 'v1', kind: 'Service', metadata: { name, ...namespaced ? { namespace: session.namespace } : {}, ...flags.given('labels') ? { labels } : {} },
      spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: labels },
    })
    printDone(session, flags, { kind: kindOf('services'), object: service }, 'created', mode)
    if (flags.text('output') === 'yaml') session.stdout += '---\n'
    return undefined
  } catch (error) { return error }
}
function podOf(name: string, image: string, words: readonly string[], flags: Flags): any {
  const labels = flags.given('labels') ? pairsOf(flags.text('labels').split(','), v => failure(`unexpected label spec: ${v}`)) : { run: name }
  const annotations = pairsOf(flags.list('annotations'), v => failure(`unexpected annotation spec: ${v}`))
  const env = Object.entries(pairsOf(flags.list('env'), v => failure(`invalid env: ${v}`))).map(([n, value]) => ({ name: n, value }))
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, labels, ...flags.given('annotations') ? { annotations } : {} },
    spec: {
      containers: [{
        name, image, ...flags.given('image-pull-policy') ? { imagePullPolicy: flags.text('image-pull-policy') } : {},
        ...words.length ? { [flags.on('command') ? 'command' : 'args']: words } : {}, ...env.length ? { env } : {},
        ...flags.given('port') ? { ports: [{ containerPort: Number(flags.text('port')) }] } : {},
        ...flags.on('privileged') ? { securityContext: { privileged: true } } : {}, resources: {},
      }],
      dnsPolicy: 'ClusterFirst', restartPolicy: flags.text('restart') || 'Always',
    },
  }
}

/** A token of a ServiceAccount. Source: create_token.go. */
export const token: Verb = {
  discovers: false,
  flags: { ...output, duration: duration(), audience: array(), 'bound-object-kind': text(), 'bound-object-name': text(), 'bound-object-uid': text() },
  async run(session, flags, command) {
    if (flags.args.length !== 1) throw usage(command, `exactly one NAME is required, got ${flags.args.length}`)
    const expiry = flags.given('duration') ? { expirationSeconds: flags.duration('duration') / 1000 } : {}
    const bound = boundTo(flags), printer = printerOf(flags)
    try {
      const made = await session.send({
        verb: 'create', ...session.of(kindOf('serviceaccounts')), name: flags.args[0], subresource: 'token',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: flags.list('audience'), ...expiry, ...bound } },
      })
      if (printer) printer(session, [{ kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }, object: made }], true)
      else session.stdout += made.status.token // a line of its own at a terminal only
    } catch (error) {
      if (error instanceof ApiError) throw failure(`failed to create token: ${messageOf(error, 'Post')}`)
      throw error
    }
  },
}
/** What the token lives as long as. Source: create_token.go (Validate; boundObjectKinds). */
function boundTo(flags: Flags): object {
  const kind = flags.text('bound-object-kind'), name = flags.text('bound-object-name'), uid = flags.text('bound-object-uid')
  if (kind === '') {
    if (name !== '') throw failure('--bound-object-name can only be set if --bound-object-kind is provided')
    if (uid !== '') throw failure('--bound-object-uid can only be set if --bound-object-kind is provided')
    return {}
  }
  if (!['Node', 'Pod', 'Secret'].includes(kind)) throw failure('supported --bound-object-kind values are Node, Pod, Secret')
  if (name === '') throw failure('--bound-object-name is required if --bound-object-kind is provided')
  return { boundObjectRef: { kind, apiVersion: 'v1', name, ...uid ? { uid } : {} } }
}
