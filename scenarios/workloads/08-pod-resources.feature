Feature: A pod may ask for resources as a whole, and its containers share them

  Background:
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory

  Scenario: The scheduler fits the request of the whole pod, not that of its containers
    When I apply:
      """yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            resources: { requests: { cpu: 1200m } }
            containers:
              - { name: app, image: "shop/web:1", resources: { requests: { cpu: 100m } } }
              - { name: log, image: "shop/log:1" }
      """
    Then deployment web eventually has 2 ready replicas
    And 1 pod labelled app=web stays Pending for 1m
    And pods labelled app=web never have field .status.qosClass "BestEffort"

  Scenario: Limits that equal requests make a whole pod Guaranteed, whatever its containers say
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: cart }
      spec:
        resources: { limits: { cpu: "1", memory: 1Gi } }
        containers: [{ name: app, image: "shop/cart:1" }, { name: log, image: "shop/log:1" }]
      """
    Then pod cart eventually is Ready
    And pod cart has field .status.qosClass "Guaranteed"
    And pod cart has field .spec.resources.requests.memory "1Gi"

  Scenario: A container without a limit of its own is killed at that of its pod
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: cart, annotations: { behaviour.kscenario.dev/app: "memory: [{ from: 5s, use: 200Mi }]" } }
      spec:
        resources: { limits: { memory: 128Mi } }
        containers: [{ name: app, image: "shop/cart:1" }]
      """
    Then pod cart eventually has field .status.containerStatuses[0].lastState.terminated.reason "OOMKilled"

  Scenario: Two containers that are too much together lose the larger one, again and again
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart
        annotations:
          behaviour.kscenario.dev/app: "memory: 60Mi"
          behaviour.kscenario.dev/log: "memory: [{ from: 0s, use: 30Mi }, { from: 8s, use: 90Mi }]"
      spec:
        resources: { limits: { memory: 128Mi } }
        containers: [{ name: app, image: "shop/cart:1" }, { name: log, image: "shop/log:1" }]
      """
    Then container log of pod cart eventually has restarted at least 2 times
    And container app of pod cart has restarted 0 times
    And pod cart has field .status.containerStatuses[?(@.name=="log")].lastState.terminated.reason "OOMKilled"

  Scenario: Under a quota for cpu containers need not say what they want when their pod does
    Given I apply:
      """yaml
      apiVersion: v1
      kind: ResourceQuota
      metadata: { name: team }
      spec: { hard: { requests.cpu: "1" } }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: cart }
      spec:
        resources: { requests: { cpu: 600m } }
        containers: [{ name: app, image: "shop/cart:1" }]
      """
    Then resourcequota team eventually has field .status.used.requests\.cpu "600m"
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: shop }
      spec:
        resources: { requests: { cpu: 500m } }
        containers: [{ name: app, image: "shop/web:1" }]
      """
    Then the last command fails
    And the last command prints "exceeded quota: team, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1"

  Scenario: A pod that is content with less makes room for one that waits
    Given I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: large }
      spec: { nodeName: worker-1, containers: [{ name: app, image: "shop/batch:1", resources: { requests: { cpu: 1800m } } }] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: late }
      spec:
        nodeSelector: { kubernetes.io/hostname: worker-1 }
        containers: [{ name: app, image: "shop/batch:1", resources: { requests: { cpu: 500m } } }]
      """
    And pod large eventually is Ready
    And 30 seconds pass
    And pod late is Pending
    When I run "kubectl patch pod large --subresource resize -p '{\"spec\": {\"containers\": [{\"name\": \"app\", \"resources\": {\"requests\": {\"cpu\": \"500m\"}}}]}}'"
    Then pod late eventually is Ready within 30 seconds
    And pod large is Ready
