import { NotModelled } from '../clients/errors.ts'
import { isConnected, kubeletUrl, unreached } from '../clients/kubectl/containers/kubelet.ts'
import { following, logOf, written, type LogOptions } from '../clients/kubectl/containers/log.ts'
import type { Driver } from '../drivers/driver.ts'
import { isTrue } from '../runtime-model/api/paths.ts'
import type { ApiRequest, ApiResponse } from '../runtime-model/api/request.ts'
import { notModelled, rawError } from '../runtime-model/api/status.ts'
import type { HttpAnswer } from './http-answer.ts'
import type { Follow } from './sessions.ts'

interface Reader { tell(response: ApiResponse): void; begin(answer: HttpAnswer): void; write(text: string): void; end(): void; hangUp(): void }

/**
 * What a container has printed, and with `follow` what it prints until it ends. Answers what to do when the reader goes away first.
 * Sources: pkg/registry/core/pod/strategy.go (LogLocation), k8s.io/apiserver pkg/registry/generic/rest/streamer.go
 */
export function tellLog(driver: Driver, { namespace = '', name = '', query = {} }: ApiRequest, reader: Reader, follow: Follow): () => void {
  const pod: any = driver.stored('pods', namespace, name), container = query['container'] || pod.spec.containers[0].name, options = optionsOf(driver, query)
  try {
    const why = unreached(driver, pod)
    if (why !== undefined) {
      const words = asked.flatMap(option => query[option] === undefined ? [] : [[option, query[option]] as const])
      const status = rawError(`Get "${kubeletUrl(driver, pod, 'containerLogs', container, words)}": ${why}`)
      reader.tell({ code: status.code, body: status })
      return nothing
    }
    const text = logOf(driver, pod, container, options)
    if (!isTrue(query['follow']) || options.previous) { reader.tell({ code: 200, body: text }); return nothing }
    const log = following(driver, pod, container)
    reader.begin({ status: 200, headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' }, body: '' })
    if (text !== '') reader.write(text)
    return follow(() => {
      const holds = isConnected(driver, pod), lines = holds ? log.next() : undefined
      if (!holds) reader.hangUp()
      else if (lines === undefined) reader.end()
      else if (lines.length > 0) reader.write(written(lines, options))
      return lines !== undefined
    })
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error
    reader.tell({ code: 501, body: notModelled(error.message) })
    return nothing
  }
}
const nothing = (): void => {}

/** what the server passes on */
const asked = ['follow', 'limitBytes', 'previous', 'sinceSeconds', 'sinceTime', 'tailLines', 'timestamps']
/** Source: k8s.io/api core/v1 (PodLogOptions) */
function optionsOf(driver: Driver, query: Readonly<Record<string, string>>): LogOptions {
  const { sinceSeconds, sinceTime, tailLines, limitBytes } = query, nowMs = driver.epochMs + driver.now()
  return {
    previous: isTrue(query['previous']), timestamps: isTrue(query['timestamps']), ...tailLines ? { tail: Number(tailLines) } : {},
    ...limitBytes ? { limitBytes: Number(limitBytes) } : {},
    ...sinceSeconds ? { fromMs: nowMs - Number(sinceSeconds) * 1000 } : sinceTime ? { fromMs: Date.parse(sinceTime) } : {},
  }
}
