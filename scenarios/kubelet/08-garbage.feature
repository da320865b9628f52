@kubelet
Feature: Garbage on a node
  Images that nobody uses go once the disk is filling up, and what containers have printed goes with them.

  Background:
    Given the nodes:
      | name     | cpu | memory |
      | worker-1 | 4   | 8Gi    |
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: report
        annotations:
          behaviour.kscenario.dev/app: "{size: 100Mi, exit: {after: 1s, code: 0}, prints: written}"
      spec:
        restartPolicy: Never
        containers: [{name: app, image: "registry.example/report:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "registry.example/web:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: crash
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 1}, prints: started}"
      spec:
        containers: [{name: app, image: "registry.example/crash:1"}]
      """
    And pod report is eventually Completed
    And pod web is eventually Ready

  Scenario: An image that a deleted pod used is removed when the disk is nearly full
    When I delete pod report
    And 6 minutes pass
    And only 15500Mi of disk is left on node worker-1
    Then node worker-1 eventually has event FreeDiskSpaceFailed saying "Insufficient free disk space on the node's image filesystem (85% of 100.0 GiB used)." within 6m
    And node worker-1 has condition DiskPressure=False
    When I run "kubectl run again --image=registry.example/report:1"
    Then pod again eventually has event Pulled saying "Successfully pulled image" within 5s
    And node worker-1 eventually has event ImageGCFailed within 6m

  Scenario: Room is made before pods go, and the logs of a pod that is over go with it
    When 6 minutes pass
    And only 15300Mi of disk is left on node worker-1
    Then node worker-1 eventually has condition DiskPressure=True within 1s
    And pod web stays Running for 10 minutes
    And node worker-1 has condition DiskPressure=False
    When I run "kubectl logs report"
    Then the last command prints "unable to retrieve container logs for containerd://"

  Scenario: A kubelet that makes room earlier
    Given the kubelet on worker-1 removes unused images above 70 percent of its disk, down to 60 percent
    When I delete pod report
    And 6 minutes pass
    And only 29500Mi of disk is left on node worker-1
    Then node worker-1 eventually has event FreeDiskSpaceFailed saying "(72% of 100.0 GiB used)" within 6m
    When I run "kubectl run again --image=registry.example/report:1"
    Then pod again eventually has event Pulled saying "Successfully pulled image" within 5s

  Scenario: An image grows too old
    Given the kubelet on worker-1 removes images unused for 1 hour
    When I delete pod report
    And 70 minutes pass
    And I run "kubectl run again --image=registry.example/report:1"
    Then pod again eventually has event Pulled saying "Successfully pulled image" within 5s

  Scenario: What a container has printed goes when the next of its name has ended
    Then pod crash eventually restarted 1 time
    When 4 seconds pass
    And I run "kubectl logs crash --previous"
    Then the last command prints "unable to retrieve container logs for containerd://"
