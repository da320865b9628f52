Feature: More pods of a node that is restarted

  Scenario: Sidecars, probes and two containers start again in place
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        initContainers:
          - name: proxy
            image: registry.example/again/proxy:1.0
            restartPolicy: Always
        containers:
          - name: one
            image: registry.example/again/one:1.0
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3}
          - name: two
            image: registry.example/again/two:1.0
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """
    Then pod web eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And 5 seconds pass
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods"

  Scenario: Tasks that had ended, and tasks that had not
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ended
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 0}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/tasks/ended:1.0
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: onfailure
      spec:
        restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/tasks/onfailure:1.0
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: leaving
      spec:
        terminationGracePeriodSeconds: 10
        containers:
          - name: app
            image: registry.example/tasks/leaving:1.0
      """
    Then pod leaving eventually Ready
    And pod onfailure eventually Ready
    And pod ended eventually Completed
    When 3 seconds pass
    And node worker-1 goes down
    And I run "kubectl delete pod leaving --wait=false"
    And 5 seconds pass
    And node worker-1 comes back
    Then pod leaving eventually gone
    And 15 seconds pass
    And I run "kubectl get pods"
