import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { refusal } from '../outcome.ts'

const source = 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#soft-eviction-thresholds'
function configure(context: ScenarioContext, node: any, text: string, args: Readonly<Record<string, unknown>>): StepOutcome {
  const why = context.driver().operate('configure-eviction', { node: nodeIn(context, node), kind: /\bdisk\b/.test(text) ? 'disk' : 'memory', ...args })
  return why ? refusal(why) : undefined
}
const soft = defineStep({
  id: 'soft-eviction', kind: 'world', source, parameters: { threshold: 'quantity', grace: 'duration', pods: 'duration' },
  phrases: [
    'the kubelet on {node} evicts below {threshold} of memory/disk after {grace}',
    'the kubelet on {node} evicts below {threshold} of memory/disk after {grace}, with {pods} for a pod to end',
  ],
  doc: 'A soft eviction threshold of a kubelet with its grace period, and evictionMaxPodGracePeriod (0 unless it is said).',
  examples: [
    'the kubelet on worker-1 evicts below 500Mi of memory after 90s', 'the kubelet on worker-1 evicts below 20Gi of disk after 2m, with 30s for a pod to end',
  ],
  run: (context, { node, threshold, grace, pods = 0 }, { text }) => configure(context, node, text, { threshold, graceMs: grace, maxPodGraceMs: pods }),
})
const reclaim = defineStep({
  id: 'eviction-reclaim', kind: 'world', parameters: { reclaim: 'quantity' }, phrases: ['the kubelet on {node} reclaims at least {reclaim} of memory/disk'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#minimum-eviction-reclaim',
  doc: 'The evictionMinimumReclaim of a kubelet: once it evicts, it goes on until so much more than the threshold is left.',
  examples: ['the kubelet on worker-1 reclaims at least 500Mi of memory'],
  run: (context, { node, reclaim: least }, { text }) => configure(context, node, text, { reclaim: least }),
})
const garbage = 'https://kubernetes.io/docs/concepts/architecture/garbage-collection/#container-image-lifecycle'
function images(context: ScenarioContext, node: any, policy: Readonly<Record<string, unknown>>): StepOutcome {
  const why = context.driver().operate('configure-images', { node: nodeIn(context, node), ...policy })
  return why ? refusal(why) : undefined
}
const imageRoom = defineStep({
  id: 'image-room', kind: 'world', source: garbage, parameters: { high: 'count', low: 'count' },
  phrases: ['the kubelet on {node} removes unused images above {high} percent of its disk, down to {low} percent'],
  doc: 'How full the disk gets (imageGCHighThresholdPercent, imageGCLowThresholdPercent; 85 and 80 unless they are said). Looked at every five minutes.',
  examples: ['the kubelet on worker-1 removes unused images above 70 percent of its disk, down to 60 percent'],
  run: (context, { node, high, low }) => images(context, node, { highPercent: high.count, lowPercent: low.count }),
})
const imageAge = defineStep({
  id: 'image-age', kind: 'world', source: garbage, parameters: { age: 'duration' }, phrases: ['the kubelet on {node} removes images unused for {age}'],
  doc: 'Images that nobody has used for so long go (imageMaximumGCAge), but none before the kubelet itself has run for so long.',
  examples: ['the kubelet on worker-1 removes images unused for 2 hours'],
  run: (context, { node, age }) => images(context, node, { maxAgeMs: age }),
})
const onDisk = defineStep({
  id: 'on-disk', kind: 'world', source: 'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath', parameters: { path: 'text' },
  phrases: ['node {node} has (a) directory/file/socket {path}', 'each/every node has (a) directory/file/socket {path}'],
  doc:
    'What lies on machines, for volumes of type hostPath that ask for it. What a kubelet, its runtime and any Linux have is there (/var/log, /etc/hosts, /run/containerd/containerd.sock …); of /data, /srv, /mnt and the like nothing is, until a pod makes it (DirectoryOrCreate, or no type) or this says so.',
  examples: ['node worker-1 has directory "/data/models"', 'every node has a file "/srv/settings.yaml"'],
  run(context, { node, path }, { text }) {
    const is = /\b(directory|file|socket)\b/.exec(text)![1]
    const why = context.driver().operate('put-on-disk', { ...node === undefined ? {} : { node: nodeIn(context, node) }, path, is })
    return why ? refusal(why) : undefined
  },
})
export const kubelet: readonly StepDefinition[] = [soft, reclaim, imageRoom, imageAge, onDisk]
