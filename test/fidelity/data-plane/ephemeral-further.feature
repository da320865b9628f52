@shared-cluster
Feature: Debug containers and changes in place

  Scenario: A debug container of a pod whose container crashes, then a second with a name that is taken
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: crash
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 1}}"
          behaviour.kscenario.dev/look: "{exit: {after: 2s, code: 6}}"
      spec:
        containers: [{name: app, image: "registry.example/debug/app:1"}]
      """
    Then pod crash eventually CrashLoopBackOff
    When I run "kubectl debug crash --image=registry.example/debug/tools:1 -c look --target=app"
    And 5 seconds pass
    And I run "kubectl debug crash --image=registry.example/debug/tools:2 -c look"
    And I run "kubectl debug crash --image=registry.example/debug/tools:2 -c again"
    And 4 seconds pass
    And I run "kubectl get pod crash"
    And I run "kubectl get pod crash -o jsonpath='{.status.ephemeralContainerStatuses[*].name}'"

  Scenario: A debug container keeps a pod whose work is done
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: done
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 7s, code: 0}}"
      spec:
        restartPolicy: Never
        containers: [{name: app, image: "registry.example/debug/done:1"}]
      """
    Then pod done eventually Ready
    When I run "kubectl debug done --image=registry.example/debug/tools:1 -c stays"
    And 12 seconds pass
    And I run "kubectl get pod done"
    And I run "kubectl debug done --image=registry.example/debug/tools:1 -c late"
    And 3 seconds pass
    And I run "kubectl get pod done -o jsonpath='{.status.phase} {.status.ephemeralContainerStatuses[*].state}'"

  Scenario: More cpu for a container that waits in its back-off
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: loop
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 1, times: 2}}"
      spec:
        containers:
          - name: app
            image: registry.example/debug/loop:1
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 64Mi}}
      """
    Then pod loop eventually CrashLoopBackOff
    When I run "kubectl patch pod loop --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"150m\"},\"limits\":{\"cpu\":\"300m\"}}}]}}'"
    And 30 seconds pass
    And I run "kubectl get pod loop -o jsonpath='{.status.containerStatuses[0].resources}'"
    And I run "kubectl get pod loop"

  Scenario: Two resizes one after the other, and limits where there were none
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: grow}
      spec:
        containers:
          - name: app
            image: registry.example/debug/grow:1
            resources: {requests: {cpu: 100m, memory: 64Mi}}
          - name: other
            image: registry.example/debug/other:1
      """
    Then pod grow eventually Ready
    When 2 seconds pass
    And I run "kubectl patch pod grow --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"200m\"}}}]}}'"
    And I run "kubectl patch pod grow --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"limits\":{\"cpu\":\"1\"}}}]}}'"
    And I run "kubectl patch pod grow --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"other\",\"resources\":{\"requests\":{\"cpu\":\"100m\"}}}]}}'"
    And I run "kubectl patch pod grow --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"limits\":null}}]}}'"
    And 5 seconds pass
    And I run "kubectl get pod grow -o jsonpath='{.status.containerStatuses[*].resources}'"
