import { expect, test } from 'vitest'
import { say } from './support/memory-host.ts'

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { colour: blue }\n`

test('folders and kustomizations are found beside the feature file', async () => {
  const answer = await say(['run', '--no-reports', '--parallel', '1', 'shop'], {
    'shop/shop.feature': `Feature: files
  Scenario: folders
    Given a cluster with 1 control plane node and 1 worker node
    When I run "kubectl apply -f manifests"
    Then configmap a exists
    And there are 2 configmaps
    When I run "kubectl apply -R -f manifests"
    Then configmap deep exists
    When I run "kubectl apply -k overlay"
    Then configmap live-base exists
`,
    'shop/manifests/a.yaml': configMap('a'), 'shop/manifests/notes.md': '# no manifest', 'shop/manifests/more/deep.yml': configMap('deep'),
    'shop/overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: live-\n', 'shop/base/kustomization.yaml': 'resources: [cm.yaml]\n',
    'shop/base/cm.yaml': configMap('base'),
  })
  expect(answer).toContain('1 passed')
  expect(answer).toContain('exit 0')
})

test('kubectl run refuses what is no name of an image', async () => {
  const answer = await say(['run', '--no-reports', '--parallel', '1', 'image.feature'], {
    'image.feature': `Feature: images
  Scenario: capitals
    When I run "kubectl run web --image=example.com/Web:1"
    Then the last command fails
    And the last command prints exactly "error: Invalid image name \\"example.com/Web:1\\": invalid reference format"
    And pod web does not exist
`,
  })
  expect(answer).toContain('1 passed')
})

test('a file is a registry secret, what a file names is waited for, and quotation marks stay', async () => {
  const answer = await say(['run', '--no-reports', '--parallel', '1', 'reads/reads.feature'], {
    'reads/reads.feature': `Feature: what is read
  Scenario: files
    Given a cluster with 1 control plane node and 1 worker node
    When I run "kubectl create secret docker-registry regcred --from-file=config.json"
    And I run "kubectl get secret regcred -o jsonpath='{.type} {.data}'"
    Then the last command prints exactly "kubernetes.io/dockerconfigjson {\\".dockerconfigjson\\":\\"e30=\\"}"
    When I run "kubectl apply -f a.yaml"
    And I run "kubectl wait --for=create -f a.yaml --timeout=1s"
    Then the last command prints "configmap/a condition met"
    When I run "kubectl create configmap quoted --from-literal='q=\\"r\\"' --dry-run=client -o yaml"
    Then the last command prints "  q: '\\"r\\"'"
    When I run "kubectl create configmap folder --from-env-file=more"
    Then the last command prints exactly "error: env config file cannot be a directory"
`,
    'reads/config.json': '{}', 'reads/a.yaml': configMap('a'), 'reads/more/b.yaml': configMap('b'),
  })
  expect(answer).toContain('1 passed')
})
