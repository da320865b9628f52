import { isTrue } from '../api/paths.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { badRequest, invalid, notFound, notModelled, type FieldProblem, type Status } from '../api/status.ts'
import { timeProblem } from '../api/time-errors.ts'
import { registry } from '../kinds/index.ts'
import { answer, refuse } from './answers.ts'
import { wrongContainer } from './connect.ts'
import type { Flight, Turn } from './state.ts'
import { cached } from './watch-cache.ts'

/** What is wrong with how a log is asked for, whether or not its pod is there. Source: pkg/apis/core/validation/validation.go (ValidatePodLogOptions) */
export function wrongLogOptions({ name = '', query = {} }: ApiRequest): Status | undefined {
  const { tailLines, limitBytes, sinceSeconds, sinceTime, stream } = query, problems: FieldProblem[] = []
  const time = sinceTime === undefined ? undefined : timeProblem(sinceTime)
  if (time !== undefined) return badRequest(time)
  const bound = (field: string, text: string | undefined, least: number): void => {
    if (text === undefined || Number(text) >= least) return
    problems.push({ type: 'FieldValueInvalid', field, body: `Invalid value: ${Number(text)}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}` })
  }
  bound('tailLines', tailLines, 0)
  bound('limitBytes', limitBytes, 1)
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    problems.push({ type: 'FieldValueForbidden', field: '[]', body: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified' })
  } else bound('sinceSeconds', sinceSeconds, 1)
  // PodLogsQuerySplitStreams is off
  if (stream !== undefined) problems.push({ type: 'FieldValueForbidden', field: 'stream', body: 'Forbidden: may not be specified' })
  return problems.length > 0 ? invalid({ group: '', kind: 'PodLogOptions' }, name, problems) : undefined
}

/** What a container writes is its node's, and not known here. Source: pkg/registry/core/pod/strategy.go (LogLocation) */
export function readLog(turn: Turn, flight: Flight, pod: KubeObject): void {
  const { query } = flight.request, { name } = pod.metadata, asked = query?.['container'] || pod.spec.containers[0].name
  const wrong = wrongContainer(pod, query?.['container'])
  if (wrong) return refuse(turn, flight, badRequest(wrong))
  if (!pod.spec.nodeName) return answer(turn, flight, { code: 200, body: '' })
  // the server looks where the node is, and says what it looked for
  if (!cached(turn.state.cache, 'nodes', '', pod.spec.nodeName)) return refuse(turn, flight, notFound(registry.byResource('pods')!, pod.spec.nodeName))
  const status = [...pod.status?.containerStatuses ?? [], ...pod.status?.initContainerStatuses ?? []].find((s: any) => s.name === asked)
  const waiting = status?.state?.waiting
  const previous = isTrue(query?.['previous'])
  if (previous && !status?.lastState?.terminated) {
    return refuse(turn, flight, badRequest(`previous terminated container ${JSON.stringify(asked)} in pod ${JSON.stringify(name)} not found`))
  }
  if (waiting && !status.lastState?.terminated) {
    const failing = ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull'].includes(waiting.reason)
      ? "trying and failing to pull image"
      : `${waiting.reason}`
    return refuse(turn, flight, badRequest(`container ${JSON.stringify(asked)} in pod ${JSON.stringify(name)} is waiting to start: ${failing}`))
  }
  refuse(turn, flight, notModelled(`the log of container ${asked} of pod ${name}`))
}
