Feature: A node is restarted while its pods change

  Scenario: The image of a pod changes while its node is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        terminationGracePeriodSeconds: 3
        containers: [{name: app, image: "registry.example/imgaway/web:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: forced}
      spec:
        containers: [{name: app, image: "registry.example/imgaway/forced:1"}]
      """
    Then pod web eventually Ready
    And pod forced eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And I run "kubectl set image pod/web app=registry.example/imgaway/web:2"
    And I run "kubectl delete pod forced --force --grace-period=0"
    And I run "kubectl label pod web tier=front"
    And 5 seconds pass
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods --show-labels"

  Scenario: A deployment is scaled while its only node is away
    Given a cluster with 1 node
    When I run "kubectl create deployment web --image=registry.example/scaleaway/web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When 3 seconds pass
    And node worker-1 goes down
    And I run "kubectl scale deployment web --replicas=3"
    And 6 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    Then deployment web eventually has 3 ready replicas
    And 5 seconds pass
    When I run "kubectl get pods"
    And I run "kubectl get deployment web"

  Scenario: A node hangs for a minute and resumes
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/minute/web:1"}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """
    Then pod web eventually Ready
    When node worker-1 hangs
    And 60 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get nodes"
    And node worker-1 resumes
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe node worker-1"

  Scenario: A crashing container and a failing probe on a node that is restarted
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: crash
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 7}}"
      spec:
        containers: [{name: app, image: "registry.example/crashaway/crash:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: slow
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}, {from: 6s, code: 0}]}"
      spec:
        containers:
          - name: app
            image: registry.example/crashaway/slow:1
            readinessProbe: {exec: {command: [check]}, periodSeconds: 2}
      """
    Then pod crash eventually CrashLoopBackOff
    When 3 seconds pass
    And node worker-1 goes down
    And 5 seconds pass
    And node worker-1 comes back
    And 8 seconds pass
    And I run "kubectl get pod slow"
    And 15 seconds pass
    And I run "kubectl get pods"
