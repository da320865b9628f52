import { VERSION } from './version.ts'

const feature = `Feature: The catalog keeps serving
  Scenarios are sentences about a cluster. \`kscenario steps\` prints everything that can be said.

  Background:
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas

  @checklist:AVAILABLE
  Scenario: A lost node is made up for
    When node worker-1 goes down
    Then deployment catalog eventually has 2 ready replicas within 2m
    And deployment catalog eventually has 3 ready replicas within 10m

  @checklist:AVAILABLE
  Scenario: Running pods do not need the control plane
    When the control plane goes down
    Then running pods unaffected while control plane down

  @checklist:UPDATES
  Scenario: An image that cannot be pulled takes nothing away
    Given image "shop/catalog:broken":
      | missing | true |
    When I set image of deployment catalog to "shop/catalog:broken"
    Then a pod of deployment catalog eventually ImagePullBackOff
    And deployment catalog always has at least 3 ready replicas
`

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
  labels: { app: catalog }
spec:
  replicas: 3
  selector:
    matchLabels: { app: catalog }
  template:
    metadata:
      labels: { app: catalog }
    spec:
      containers:
        - name: app
          image: shop/catalog:1.0
          ports:
            - { name: http, containerPort: 8080 }
          readinessProbe:
            httpGet: { path: /readyz, port: http }
---
apiVersion: v1
kind: Service
metadata:
  name: catalog
spec:
  selector: { app: catalog }
  ports:
    - { name: http, port: 80, targetPort: http }
`

const checklist = `title: What our cluster must stand
items:
  - id: AVAILABLE
    text: The catalog survives the loss of a node and of the control plane.
    level: MUST
    concepts:
      - { name: Nodes, link: "https://kubernetes.io/docs/concepts/architecture/nodes/" }
  - id: UPDATES
    text: An update that goes wrong takes nothing away.
    level: SHOULD
    concepts:
      - { name: Deployments, link: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/" }
`

const workflow = `name: scenarios
on: [push, pull_request]
jobs:
  scenarios:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm install
      - run: npx kscenario lint
      - run: npx kscenario fmt --check
      - run: npx kscenario run
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: reports, path: reports/ }
`

const manifestOfPackage = `${JSON.stringify({
  name: 'scenarios', private: true, type: 'module',
  scripts: { test: 'kscenario run', lint: 'kscenario lint && kscenario fmt --check' },
  devDependencies: { kscenario: `^${VERSION}` },
}, null, 2)}\n`

/** A project that passes: path → content. Everything in it is the user's from then on. */
export const starter: Readonly<Record<string, string>> = {
  'scenarios/catalog.feature': feature,
  'scenarios/manifests/catalog.yaml': manifest,
  'scenarios/checklist.yaml': checklist,
  '.github/workflows/scenarios.yml': workflow,
  'package.json': manifestOfPackage,
  '.gitignore': 'node_modules/\nreports/\n',
}
