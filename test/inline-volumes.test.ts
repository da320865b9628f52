import { expect, test } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** Volumes that a pod describes itself and a driver sets up. Source: a kubelet of 1.35 without the driver; pkg/volume/csi/csi_mounter.go (SetUpAt) */
const pod = (source = ''): string => `I apply:
  """
  apiVersion: v1
  kind: Pod
  metadata: { name: secretive }
  spec: { containers: [{ name: app, image: "shop/web:1", volumeMounts: [{ name: v, mountPath: /v }] }], volumes: [{ name: v, csi: { driver: secrets.csi.example.com${source} } }] }
  """`
const told = (why: string): string => `
  When ${pod()}
  And 2 minutes pass
  Then pod secretive is ContainerCreating
  When I run "kubectl describe pod secretive"
  Then the last command prints:
  """
  MountVolume.SetUp failed for volume "v" : kubernetes.io/csi: mounter.${why}
  """`

test('a pod gets a volume of its own from a driver that makes such, and waits for one that is not there or does not', async () => {
  const { statuses } = await runFeature({
    'no driver': told('SetUpAt failed to get CSI client: driver name secrets.csi.example.com not found in the list of registered CSI drivers'),
    'a driver of claims only': `Given CSI driver "secrets.csi.example.com"${told(
      'SetupAt failed to check volume lifecycle mode: volume mode "Ephemeral" not supported by driver secrets.csi.example.com (only supports ["Persistent"])'
    )}`,
    'a driver of both': `
      Given CSI driver "secrets.csi.example.com":
      | volumeLifecycleModes | Persistent, Ephemeral |
      When ${pod()}
      Then pod secretive eventually Ready within 5s`,
    'one that comes late': `
      When ${pod()}
      And 20 seconds pass
      Then pod secretive is ContainerCreating
      When CSI driver "secrets.csi.example.com":
      | volumeLifecycleModes | Ephemeral |
      Then pod secretive eventually Ready within 40s`,
    'a secret for the driver': `When ${pod(', nodePublishSecretRef: { name: s }')}`,
    'another word': `Given CSI driver "secrets.csi.example.com":
      | volumeLifecycleModes | Inline |`,
  })
  expect(statuses).toEqual({
    'no driver': 'passed', 'a driver of claims only': 'passed', 'a driver of both': 'passed', 'one that comes late': 'passed',
    'a secret for the driver': 'inconclusive', 'another word': 'undefined',
  })
})
