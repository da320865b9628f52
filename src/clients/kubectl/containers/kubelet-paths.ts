import type { Driver } from '../../../drivers/driver.ts'
import { milliOf, unitsOf } from '../../../runtime-model/api/quantity.ts'
import { formatTime } from '../../../runtime-model/api/time.ts'
import { NotModelled } from '../../errors.ts'
import type { HandedBack } from './handed-on.ts'

/**
 * What a kubelet answers to an API server that hands a request on to it: its health, its pods, and what they use. Sources: pkg/kubelet/server/server.go,
 * pkg/kubelet/server/stats/handler.go; k8s.io/kubelet pkg/apis/stats/v1alpha1
 */
export async function kubeletAnswer(driver: Driver, node: string, method: string, path: string): Promise<HandedBack> {
  if (/^\/healthz(\/(ping|log|syncloop))?$/.test(path)) return { code: 200, body: 'ok' }
  if (method !== 'GET' && method !== 'HEAD') throw new NotModelled(`what a kubelet answers to ${method} ${path}`)
  if (/^\/pods\/?$/.test(path)) return { code: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: podsOf(driver, node) } }
  if (path === '/stats/summary') return { code: 200, body: await summaryOf(driver, node) }
  if (unmodelled.test(path)) throw new NotModelled(`${path} of a kubelet`)
  return { code: 404, body: '404 page not found\n' }
}
const unmodelled = /^\/(metrics|configz|logs|runningpods|containerLogs|run|exec|attach|portForward|checkpoint|debug|flagz|statusz)(\/|$)/
/** The pods that it runs, with when it saw them first. Approximate: their status is the one that it has told last. Source: pkg/kubelet/config (apiserver.go) */
const podsOf = (driver: Driver, node: string): readonly any[] => driver.nodeTruth.podsOn(node).flatMap(({ namespace, name, uid }) => {
  const pod: any = driver.stored('pods', namespace, name)
  if (pod?.metadata.uid !== uid) return []
  const seen = pod.status?.conditions?.find((c: any) => c.type === 'PodScheduled')?.lastTransitionTime ?? pod.metadata.creationTimestamp
  const annotations = { 'kubernetes.io/config.seen': seen, 'kubernetes.io/config.source': 'api', ...pod.metadata.annotations }
  return [{ ...pod, kind: undefined, apiVersion: undefined, metadata: { ...pod.metadata, annotations } }]
})

/** What metrics-server is told, where there is one; the file systems and the network of a machine are not known. */
async function summaryOf(driver: Driver, node: string): Promise<object> {
  const asked = async (resource: 'nodes' | 'pods', name?: string): Promise<any> => {
    const credentials = { user: 'system:apiserver', groups: ['system:masters'] }
    const of = { group: 'metrics.k8s.io', version: 'v1beta1', resource, ...name ? { name } : {} }
    const answer = await driver.request({ verb: name ? 'get' : 'list', ...of, credentials, userAgent: 'kubelet' })
    if (answer.code !== 200) throw new NotModelled('what a node uses, as long as nobody measures it: say `metrics-server is installed`')
    return answer.body
  }
  const nodeUse = await asked('nodes', node), uses: readonly any[] = (await asked('pods')).items
  const use = ({ usage, timestamp: time }: any): object => ({
    cpu: { time, usageNanoCores: milliOf(usage.cpu) * 1e6 }, memory: { time, workingSetBytes: unitsOf(usage.memory) },
  })
  const pods = driver.nodeTruth.podsOn(node).flatMap(({ namespace, name, uid, containers }) => {
    const found = uses.find(p => p.metadata.namespace === namespace && p.metadata.name === name)
    const started = (at: number | undefined): object => at === undefined ? {} : { startTime: formatTime(driver.epochMs + at) }
    return found ? [{
      podRef: { name, namespace, uid }, ...started(Math.min(...containers.map(c => c.startedAt ?? Infinity))),
      containers: found.containers.map((c: any) => ({
        name: c.name, ...started(containers.find(own => own.name === c.name)?.startedAt), ...use({ usage: c.usage, timestamp: found.timestamp }),
      })),
    }] : []
  })
  return { node: { nodeName: node, ...use(nodeUse) }, pods }
}
