Feature: StatefulSets that fail, are scaled in a rollout, and share a budget

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A pod that is broken is mended by a better template only with a hand
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}, annotations: {behaviour.kscenario.dev/kv: "missing: true"}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:none"}]}
      """
    Then pod kv-0 eventually ErrImagePull
    When I run:
      """
      kubectl patch sts kv -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/kv":"{}"}},"spec":{"containers":[{"name":"kv","image":"example.com/kv:2"}]}}}}'
      """
    And 4 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get sts kv -o jsonpath='{.status}'"
    And I run "kubectl delete pod kv-0"
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl rollout status sts kv --timeout=20s"
    And I run "kubectl describe sts kv"

  @shared-cluster
  Scenario: Scaled up in the middle of an ordered rollout, and undone
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        minReadySeconds: 2
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    Then statefulset kv eventually has 3 available replicas
    When I run "kubectl set image sts kv kv=example.com/kv:2"
    Then pod kv-2 eventually has field .spec.containers[0].image "example.com/kv:2"
    When I run "kubectl scale sts kv --replicas=4"
    Then statefulset kv eventually has 4 available replicas within 2m
    And statefulset kv eventually has 4 updated replicas
    When I run "kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image"
    And I run "kubectl get sts kv -o wide"
    And I run "kubectl rollout history sts kv --revision=2"
    And I run "kubectl delete sts kv --cascade=foreground --timeout=40s"
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Succeeded and failed pods are made anew, and a headless Service names them
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: kv}
      spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: kv}, ports: [{port: 80}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1", ports: [{containerPort: 80}]}]}
      """
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl drain worker-1 --ignore-daemonsets"
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl uncordon worker-1"
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=kv -o jsonpath='{.items[0].endpoints[*].hostname}'"
    And I run "kubectl patch pod kv-0 --subresource=status -p '{\"status\":{\"phase\":\"Failed\"}}'"
    And 3 seconds pass
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl describe sts kv"
