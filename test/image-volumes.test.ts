import { expect, test } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** Volumes that are images. Source: what kubelets of 1.35 told of such; pkg/kubelet/kuberuntime/kuberuntime_manager.go (getImageVolumes) */
const pod = (name: string, image: string, more = ''): string => `I apply:
  """
  apiVersion: v1
  kind: Pod
  metadata: { name: ${name} }
  spec: { ${more}containers: [{ name: app, image: "shop/web:1", volumeMounts: [{ name: v, mountPath: /v }] }], volumes: [{ name: v, image: { ${image} } }] }
  """`
const first = 'initContainers: [{ name: first, image: "shop/first:1", volumeMounts: [{ name: v, mountPath: /v }] }], '
const said = (...lines: string[]): string => lines.map(l => `\nAnd the last command prints:\n"""\n${l}\n"""`).join('')

test('a container does not start without the image of a volume, and says so for the reason of that pull', async () => {
  const { statuses } = await runFeature({
    'present at last': `
      When ${pod('web', 'reference: "shop/data:1"')}
      Then pod web eventually Ready within 5s
      When I run "kubectl get events --field-selector involvedObject.fieldPath="
      Then the last command prints "Successfully pulled image \\"shop/data:1\\""`,
    'no such image': `
      Given image "shop/data:1" does not exist
      When ${pod('web', 'reference: "shop/data:1"')}
      Then pod web is eventually ErrImagePull
      When 15 seconds pass
      Then pod web is ImagePullBackOff
      When I run "kubectl get events --field-selector involvedObject.fieldPath=spec.containers{app}"
      Then the last command succeeds${said('Error: ErrImagePull', 'Error: ImagePullBackOff')}`,
    'a name that is none': `
      When ${pod('web', 'reference: "No::such"')}
      Then pod web is eventually InvalidImageName
      When 5 minutes pass
      Then pod web is InvalidImageName
      When I run "kubectl get events"
      Then the last command succeeds${said('repository name (library/No) must be lowercase')}
      When ${pod('second', 'reference: "shop/Data:1"')}
      And 2 seconds pass
      And I run "kubectl get events"
      Then the last command succeeds${said('repository name (shop/Data) must be lowercase')}`,
    'an init container': `
      When ${pod('web', 'reference: "shop/data:1", pullPolicy: Never', first)}
      Then pod web is eventually Init:ErrImageNeverPull`,
    'what it holds': `
      When ${pod('web', 'reference: "shop/data:1"')}
      Then pod web eventually Ready within 5s
      When I run "kubectl exec web -- cat /v/x"`,
    'a policy that is none': `
      When ${pod('web', 'reference: "shop/data:1", pullPolicy: Sometimes')}
      Then the last command fails`,
  }, 'Given a cluster with 1 node')
  expect(statuses).toEqual({
    'present at last': 'passed', 'no such image': 'passed', 'a name that is none': 'passed', 'an init container': 'passed', 'what it holds': 'inconclusive',
    'a policy that is none': 'passed',
  })
})

test('an image that a container has as a volume is in use', async () => {
  const { statuses } = await runFeature({
    kept: `
      When ${pod('web', 'reference: "shop/data:1"')}
      Then pod web eventually Ready within 5s
      When 6 minutes pass
      And only 15500Mi of disk is left on node worker-1
      Then node worker-1 eventually has event FreeDiskSpaceFailed within 6m
      When ${pod('other', 'reference: "shop/data:1", pullPolicy: Never')}
      Then pod other eventually Ready within 5s`,
  }, 'Given a cluster with 1 node')
  expect(statuses).toEqual({ kept: 'passed' })
})
