Feature: Resources of whole pods

  Background:
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory

  @shared-cluster
  Scenario: Requests and limits of a pod as a whole make its class and take its room
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: both}
      spec:
        resources: {requests: {cpu: "1", memory: 1Gi}, limits: {cpu: "1", memory: 1Gi}}
        containers:
        - {name: a, image: "example.com/a:1", resources: {requests: {cpu: 100m}}}
        - {name: b, image: "example.com/b:1"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: only-limits}
      spec:
        resources: {limits: {cpu: 500m, memory: 256Mi}}
        containers: [{name: a, image: "example.com/a:1", resources: {requests: {cpu: 100m, memory: 32Mi}}}, {name: b, image: "example.com/b:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: only-requests}
      spec:
        resources: {requests: {cpu: 200m}}
        containers: [{name: a, image: "example.com/a:1", resources: {limits: {memory: 64Mi}}}]
      """
    Then pod both eventually Ready
    And pod only-limits eventually Ready
    And pod only-requests eventually Ready
    When I run "kubectl get pods -o custom-columns=NAME:.metadata.name,QOS:.status.qosClass"
    And I run "kubectl get pod both -o yaml"
    And I run "kubectl get pod only-limits -o jsonpath='{.spec.resources} {.spec.containers[*].resources}'"
    And I run "kubectl describe pod both"
    And I run "kubectl describe pod only-requests"
    And I run "kubectl describe node worker-1"
    And I run "kubectl describe node worker-2"

  @shared-cluster
  Scenario: A pod too large as a whole waits, and a deployment fills the nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: large}
      spec:
        resources: {requests: {cpu: "3"}}
        containers: [{name: a, image: "example.com/a:1", resources: {requests: {cpu: 100m}}}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            resources: {requests: {cpu: 1200m, memory: 100Mi}}
            initContainers: [{name: first, image: "example.com/first:1", resources: {requests: {cpu: 500m}}}]
            containers: [{name: a, image: "example.com/a:1"}]
      """
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod large"
    And I run "kubectl describe deployment web"
    And I run "kubectl set resources deployment web --requests=cpu=100m -c a"
    And I run "kubectl get deployment web -o jsonpath='{.spec.template.spec.resources}'"

  @shared-cluster
  Scenario: What may not be said of a pod as a whole
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: less}
      spec:
        resources: {requests: {cpu: 100m}, limits: {cpu: 50m}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: sum}
      spec:
        resources: {requests: {cpu: 100m}}
        containers: [{name: a, image: "example.com/a:1", resources: {requests: {cpu: 80m}}}, {name: b, image: "example.com/b:1", resources: {requests: {cpu: 80m}}}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: above}
      spec:
        resources: {limits: {memory: 64Mi}}
        containers: [{name: a, image: "example.com/a:1", resources: {limits: {memory: 128Mi}}}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: disk}
      spec:
        resources: {requests: {ephemeral-storage: 1Gi}, limits: {example.com/gpu: "1"}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: claims}
      spec:
        resources: {claims: [{name: gpu}], requests: {cpu: "-1"}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: fine}
      spec:
        resources: {requests: {cpu: 100m}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    Then pod fine eventually Ready
    When I run "kubectl patch pod fine -p '{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"200m\"}}}}'"
    And I run "kubectl patch pod fine --subresource=resize -p '{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"200m\"}}}}'"
    And I run "kubectl get pod fine -o jsonpath='{.spec.resources}'"

  @shared-cluster
  Scenario: A quota and a limit range count what a pod asks for as a whole
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {requests.cpu: "1", limits.memory: 1Gi}}
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: range}
      spec:
        limits:
        - {type: Pod, max: {cpu: 800m}}
        - {type: Container, default: {memory: 100Mi}, defaultRequest: {cpu: 50m}}
      """
    Then resourcequota q eventually has field .status.used.requests\.cpu "0"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec:
        resources: {requests: {cpu: 600m}, limits: {memory: 512Mi, cpu: 700m}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    Then resourcequota q eventually has field .status.used.requests\.cpu "600m"
    When I run "kubectl get pod one -o jsonpath='{.spec.resources} {.spec.containers[0].resources}'"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two}
      spec:
        resources: {requests: {cpu: 600m}, limits: {memory: 512Mi, cpu: 700m}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: three}
      spec:
        resources: {requests: {cpu: 300m}, limits: {memory: 12Mi, cpu: 900m}}
        containers: [{name: a, image: "example.com/a:1"}]
      """
    And I run "kubectl describe quota q"
    And I run "kubectl describe pod one"
