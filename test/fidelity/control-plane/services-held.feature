Feature: Names in front of pods

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: The service comes first, pods come and are scaled
    Given I run "kubectl create service clusterip web --tcp=80:8080"
    And I run "kubectl get endpoints web"
    And I run "kubectl create deployment web --image=example.com/services1/web:1 --replicas=3 --port=8080"
    Then deployment web eventually has 3 ready replicas
    When 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=web"
    And I run "kubectl describe svc web"
    And I run "kubectl scale deployment web --replicas=1"
    And 5 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[*].endpoints[*].conditions}'"
    And I run "kubectl patch service web -p '{\"spec\":{\"selector\":{\"app\":\"nobody\"}}}'"
    And 2 seconds pass
    And I run "kubectl get ep,endpointslices"

  @shared-cluster
  Scenario: Pods terminate slowly behind a service
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: slow}
      spec:
        replicas: 2
        selector: {matchLabels: {app: slow}}
        template:
          metadata: {labels: {app: slow}, annotations: {behaviour.kscenario.dev/app: "term: {after: 6s}"}}
          spec:
            terminationGracePeriodSeconds: 20
            containers: [{name: app, image: "example.com/services2/slow:1", ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}}]
      """
    And I run "kubectl expose deployment slow --port=80"
    Then deployment slow eventually has 2 available replicas
    When I run "kubectl delete pods -l app=slow --wait=false"
    And 3 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=slow -o jsonpath='{range .items[0].endpoints[*]}{.conditions}{\" \"}{end}'"
    Then deployment slow eventually has 2 available replicas
    When 8 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl get endpoints slow"

  @shared-cluster
  Scenario: Kinds of services change
    Given I run "kubectl create service nodeport edge --tcp=80:80"
    When I run "kubectl get service edge -o jsonpath='{.spec.type} {.spec.ports[0].port}'"
    And I run "kubectl patch service edge -p '{\"spec\":{\"type\":\"ClusterIP\"}}'"
    And I run "kubectl get service edge -o jsonpath='{.spec.type} {.spec.ports[0].nodePort}'"
    And I run "kubectl patch service edge --type=merge -p '{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"db.example.com\"}}'"
    And I run "kubectl patch service edge --type=merge -p '{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"db.example.com\",\"clusterIP\":null,\"clusterIPs\":null}}'"
    And I run "kubectl get services"
    And 1 second passes
    And I run "kubectl get endpointslices"
    And I run "kubectl delete service --all"

  @shared-cluster
  Scenario: A pod without a port name, one that is never ready, one on its own
    Given I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: mix}
      spec: {selector: {app: mix}, ports: [{name: a, port: 80, targetPort: web}, {name: b, port: 81, targetPort: 9000, protocol: UDP}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: good, labels: {app: mix}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/services4/mix:1", ports: [{name: web, containerPort: 8000}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: nameless, labels: {app: mix}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/services4/mix:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: unready, labels: {app: mix}, annotations: {behaviour.kscenario.dev/app: "exec: [{code: 1}]"}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/services4/mix:1", ports: [{name: web, containerPort: 8000}], readinessProbe: {exec: {command: [check]}, periodSeconds: 1}}]}
      """
    Then pod good eventually Ready
    And pod unready eventually Running
    When 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=mix -o jsonpath='{range .items[*]}{.ports[*].name}={.endpoints[*].targetRef.name} {end}'"
    And I run "kubectl get endpoints mix"
    And I run "kubectl label pod good app=other --overwrite"
    And 2 seconds pass
    And I run "kubectl get endpoints mix"
    And I run "kubectl delete pod --all"
