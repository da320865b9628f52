import { expect, it } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

it('upgrades the control plane, replica after replica, while pods run on', async () => {
  const wanted = {
    'one replica': 'passed', 'it goes on': 'passed', 'three replicas': 'passed', 'one at a time': 'undefined', 'no way back': 'undefined',
    'a version of tomorrow': 'inconclusive', 'an old kubelet': 'failed', 'of a provider': 'passed', 'skew is judged': 'passed',
    'a kubelet ahead': 'undefined', 'a kubelet ahead from the beginning': 'undefined', 'one in a table': 'undefined',
  }
  const web = 'And deployment web with 2 replicas of image "nginx"\nAnd deployment web is Available\n'
  const ran = await runFeature({
    'one replica':
      `Given a cluster with 2 nodes\nAnd kubernetes version 1.34\n${web}When the control plane is upgraded to 1.35\nThen pods of deployment web are unaffected\nAnd kube-apiserver eventually up\nWhen I run "kubectl version"\nThen the last command prints "Server Version: v1.35.4"\nAnd node worker-1 has field .status.nodeInfo.kubeletVersion v1.34.9`,
    'it goes on':
      `Given a cluster with 2 nodes\nAnd kubernetes version 1.34\n${web}When the control plane is upgraded to 1.35\nAnd I scale deployment web to 4\nThen deployment web eventually has 4 ready replicas`,
    'three replicas':
      `Given a cluster with 3 control plane nodes and 2 nodes\nAnd kubernetes version 1.34\n${web}When I upgrade the control plane to 1.35\nThen deployment web eventually Available\nAnd kube-apiserver never down while kube-apiserver on cp-2 is down\nAnd node worker-1 never NotReady while kube-apiserver on cp-1 is down`,
    'one at a time': 'Given a cluster\nAnd kubernetes version 1.33\nWhen the control plane is upgraded to 1.35',
    'no way back': 'Given a cluster\nWhen the control plane is upgraded to 1.34',
    'a version of tomorrow': 'Given a cluster\nWhen the control plane is upgraded to 1.36',
    'an old kubelet': 'Given a cluster\nAnd kubernetes version 1.34\nAnd node worker-1 runs kubelet 1.31\nWhen the control plane is upgraded to 1.35',
    'of a provider': 'Given a managed cluster with 2 nodes\nAnd kubernetes version 1.34\nWhen the control plane is upgraded to 1.35\nThen nodes are Ready',
    'a kubelet ahead': 'Given a cluster\nAnd kubernetes version 1.34\nWhen node worker-1 is upgraded to 1.35',
    'a kubelet ahead from the beginning': 'Given a cluster\nAnd node worker-1 runs kubelet 1.35\nAnd kubernetes version 1.34\nThen nodes are Ready',
    'one in a table': 'Given a cluster\nAnd the nodes:\n  | name | version |\n  | a | 1.35 |\nAnd kubernetes version 1.34\nThen nodes are Ready',
    'skew is judged':
      'Given a cluster\nAnd kubernetes version 1.34\nWhen the control plane is upgraded to 1.35\nAnd node worker-1 is upgraded to 1.35\nThen node worker-1 eventually has field .status.nodeInfo.kubeletVersion v1.35.4',
  })
  expect(expectations(ran, wanted)).toEqual(wanted)
})

/** kube-scheduler gives its lease up when it is asked to end (ReleaseOnCancel of cmd/kube-scheduler/app/options), so nobody waits until it has run out. */
it('a scheduler that is replaced is succeeded at once, one that was killed after fifteen seconds', async () => {
  const wanted = { 'asked to end': 'passed', 'killed': 'passed' }
  const pod = 'And I run "kubectl run web --image=nginx"\n'
  const ran = await runFeature({
    'asked to end': `Given a cluster\nWhen the certificates of the control plane are renewed\n${pod}Then pod web is Scheduled within 1s`,
    'killed': `Given a cluster\nWhen kube-scheduler goes down\nAnd 3 seconds pass\nAnd kube-scheduler comes back\nAnd 7 seconds pass\n${pod}Then pod web is not Scheduled for 2s`,
  })
  expect(expectations(ran, wanted)).toEqual(wanted)
})

/** Source: pkg/kubelet/{kubelet_node_status,pod_workers}.go, events/resize.go, pkg/printers/internalversion/printers.go at 1.33 to 1.35; kube_features.go */
it('each version tells what it tells', async () => {
  const wanted: Record<string, string> = {}, scenarios: Record<string, string> = {}
  const told = (what: string, versions: readonly string[], steps: string): void => {
    for (const version of ['1.33', '1.34', '1.35']) {
      scenarios[`${what}, ${version}`] = `Given a cluster with 1 node\nAnd kubernetes version ${version}\n${steps}`
      wanted[`${what}, ${version}`] = versions.includes(version) ? 'passed' : 'failed'
    }
  }
  const web = 'When I run "kubectl run web --image=nginx"\nAnd 10 seconds pass\n'
  told('Secrets of accounts', ['1.33', '1.34'], 'When I run "kubectl get sa"\nThen the last command prints "SECRETS"')
  told('what a kubelet has seen of a pod', ['1.34', '1.35'], `${web}Then pod web has field .status.observedGeneration 1`)
  told('what a condition is about', ['1.34', '1.35'], `${web}Then pod web has field .status.conditions[0].observedGeneration 1`)
  told(
    'Events of a node by its name', ['1.33', '1.34'],
    'When I run "kubectl get events --field-selector involvedObject.uid=worker-1"\nThen the last command prints "Starting kubelet"'
  )
  told(
    'a wait in which a container is looked at', ['1.33', '1.34'],
    `And image "broken":
  | exit | { after: 1s, code: 1 } |
When I run "kubectl run bad --image=broken"
And 10 minutes pass
And I run "kubectl get events -o 'jsonpath={.items[?(@.count>25)].reason}'"
Then the last command prints "BackOff"`
  )
  const resized = `When the following manifest is applied:
  """
  { apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, image: nginx, resources: { requests: { cpu: 20m } } }] } }
  """
And 10 seconds pass
And I run "kubectl patch pod web --subresource resize -p '{\\"spec\\":{\\"containers\\":[{\\"name\\":\\"web\\",\\"resources\\":{\\"requests\\":{\\"cpu\\":\\"50m\\"}}}]}}'"
And 10 seconds pass
`
  told('that a pod is being resized', ['1.35'], `${resized}Then pod web has event ResizeStarted`)
  told('that a pod has been resized', ['1.34', '1.35'], `${resized}Then pod web has event ResizeCompleted`)
  const ran = await runFeature(scenarios)
  expect(expectations(ran, wanted)).toEqual(wanted)
})
