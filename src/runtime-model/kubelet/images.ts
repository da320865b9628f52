import { keptName, referenceProblem } from '../api/image-names.ts'
import type { CriAnswer } from '../api/cri.ts'
import { inBackoff, nextBackoff } from './backoff.ts'
import { imagePulled } from './image-garbage.ts'
import type { Session } from './session.ts'
import type { Pull } from './state.ts'
import type { Refused, Worker } from './worker.ts'

/** What a pod wants of an image. Events of one that is for a volume are about the pod, not about a container. */
export interface Wanted { readonly image: string; readonly policy: string | undefined; readonly container?: string }
/** Images for containers and volumes: present, pulled one after the other, or waited for. Source: pkg/kubelet/images/image_manager.go, puller.go */
export function ensureImage(session: Session, worker: Worker, wanted: Wanted): 'present' | 'waits' | Refused {
  const { image, policy = 'IfNotPresent', container: name } = wanted
  const wrong = referenceProblem(image)
  if (wrong !== undefined) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${wrong}${upperCase(image)}`
    session.podEvent(worker, 'Warning', 'InspectFailed', message, name)
    return { reason: 'InvalidImageName', message }
  }
  const just = worker.pulled
  if (just !== undefined) { worker.pulled = undefined; if (just.image === image) return just.failure ?? 'present' }
  const present = session.state.images.has(keptName(image, session.options.bare))
  if (present && policy !== 'Always') { session.podEvent(worker, 'Normal', 'Pulled', session.words.present(image), name); return 'present' }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    session.podEvent(worker, 'Warning', 'ErrImageNeverPull', message, name)
    return { reason: 'ErrImageNeverPull', message }
  }
  const entry = worker.backoffs[`image ${image}`], { wallMs } = session.context
  if (inBackoff(entry, entry?.at ?? 0, wallMs)) {
    const message = `Back-off pulling image "${image}"`
    session.podEvent(worker, 'Normal', 'BackOff', message, name)
    return {
      reason: 'ImagePullBackOff', message: worker.pullErrors[image] ? `${message}: ${worker.pullErrors[image]}` : message,
      retryAt: session.now + entry.at + entry.ms - wallMs,
    }
  }
  session.podEvent(worker, 'Normal', 'Pulling', `Pulling image "${image}"`, name)
  enqueue(session, { uid: worker.uid, container: name, image, askedAt: session.now, startedAt: -1 })
  return 'waits'
}

function enqueue(session: Session, pull: Pull): void {
  const { pulls } = session.state
  session.state = { ...session.state, pulls: { ...pulls, waiting: [...pulls.waiting, pull] } }
  nextPull(session)
}
/** One pull at a time (serializeImagePulls). */
function nextPull(session: Session): void {
  const { pulls } = session.state, [first, ...waiting] = pulls.waiting
  if (pulls.running || first === undefined) return
  const running = { ...first, startedAt: session.now }, worker = session.worker(first.uid)
  session.state = { ...session.state, pulls: { running, waiting } }
  if (worker) {
    return session.cri(
      worker, { call: 'pull', uid: first.uid, container: first.container, image: first.image },
      { for: 'cri', uid: first.uid, step: 'pull', container: first.container, pull: running }, `pull ${first.image}`
    )
  }
  session.state = { ...session.state, pulls: { waiting } }
  nextPull(session)
}

export function pullAnswered(session: Session, pull: Pull, answer: CriAnswer): void {
  session.state = { ...session.state, pulls: { waiting: session.state.pulls.waiting } }
  const worker = session.worker(pull.uid), { image, container } = pull
  if (answer.image && !session.state.images.has(answer.image.ref)) imagePulled(session, answer.image)
  if (worker && waitsForPull(worker)) {
    if (answer.image) {
      const took = goSeconds(session.now - pull.startedAt), all = goSeconds(session.now - pull.askedAt)
      session.podEvent(
        worker, 'Normal', 'Pulled', `Successfully pulled image "${image}" in ${took} (${all} including waiting). Image size: ${answer.image.bytes} bytes.`,
        container
      )
      worker.pulled = { image }
    } else worker.pulled = { image, failure: pullFailed(session, worker, pull, answer) }
    session.actionAgain(worker)
  }
  nextPull(session)
}
function waitsForPull({ busy }: Worker): boolean {
  const action = busy?.actions[0]
  return action?.do === 'image-volume' || action?.do === 'start' && action.stage === 'pull'
}
function pullFailed(session: Session, worker: Worker, { image, container }: Pull, answer: CriAnswer): Refused {
  const { wallMs } = session.context, key = `image ${image}`, message = answer.code ? `rpc error: code = ${answer.code} desc = ${answer.error}` : answer.error!
  session.podEvent(worker, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`, container)
  worker.backoffs = { ...worker.backoffs, [key]: nextBackoff(worker.backoffs[key], wallMs, wallMs) }
  worker.pullErrors = { ...worker.pullErrors, [image]: `ErrImagePull: ${message}` }
  return { reason: 'ErrImagePull', message }
}

/** `3.001s`, `20ms`, `0s`: as Go prints durations. */
const goSeconds = (ms: number): string =>
  ms < 1000 ? `${ms === 0 ? '0s' : `${ms}ms`}` : ms < 60_000 ? `${ms / 1000}s` : `${Math.floor(ms / 60_000)}m${ms % 60_000 / 1000}s`

/** Why a name in capitals is none. Source: distribution/reference normalize.go (ParseNormalizedNamed, splitDockerDomain) */
function upperCase(image: string): string {
  const slash = image.indexOf('/'), first = slash < 0 ? '' : image.slice(0, slash)
  const isHost = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  const rest = (isHost ? image.slice(slash + 1) : image).split(':')[0], path = isHost || rest.includes('/') ? rest : `library/${rest}`
  return path !== path.toLowerCase() ? `: repository name (${path}) must be lowercase` : ''
}
