Feature: More lost nodes

  Scenario: A StatefulSet's pod on a lost node stays, until it is deleted by force
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: db
      spec:
        serviceName: db
        replicas: 1
        selector: {matchLabels: {app: db}}
        template:
          metadata:
            labels: {app: db}
          spec:
            affinity:
              nodeAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    preference:
                      matchExpressions:
                        - {key: kubernetes.io/hostname, operator: In, values: [worker-1]}
            tolerations:
              - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
            containers:
              - name: app
                image: registry.example/lostset/db:1.0
      """
    Then pod db-0 eventually Ready
    When node worker-1 goes down
    Then node worker-1 eventually not Ready within 2m
    And 20 seconds pass
    And I run "kubectl get pods -o wide"
    When I run "kubectl delete pod db-0 --force --grace-period=0"
    Then pod db-0 eventually Ready
    And I run "kubectl get pods -o wide"
    When node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods -o wide"

  Scenario: A container crashes on a node that hangs
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 12s, code: 1, times: 1}}"
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/hangcrash/web:1.0
      """
    Then pod web eventually Ready
    When node worker-1 hangs
    And 20 seconds pass
    And node worker-1 resumes
    And 12 seconds pass
    And I run "kubectl get pods"
