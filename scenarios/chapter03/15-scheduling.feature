@chapter03
Feature: kube-scheduler filters by feasibility, then scores, and writes down its choice

  Background:
    Given the nodes:
      | name    | cpu | labels   | taints             |
      | plain   | 4   |          |                    |
      | fast    | 4   | disk=ssd |                    |
      | special | 64  |          | gpu=yes:NoSchedule |
    And image "bookstore/worker:1":
      | start | 1s |

  Rule: Filter

    Scenario: Taints - the largest node takes nobody who does not tolerate it
      When I create deployment worker with 4 replicas of image "bookstore/worker:1"
      Then deployment worker eventually has 4 ready replicas
      And there are no pods on node special in namespace default

    Scenario: Taints - who tolerates it may go there
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: trainer }
        spec:
          tolerations: [{ key: gpu, operator: Equal, value: "yes", effect: NoSchedule }]
          containers: [{ name: app, image: "bookstore/worker:1", resources: { requests: { cpu: "8" } } }]
        """
      Then pod trainer is eventually scheduled on node special

    Scenario: Affinity - a pod goes to the nodes that it asks for, or nowhere
      When I apply:
        """yaml
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: index }
        spec:
          replicas: 3
          selector: { matchLabels: { app: index } }
          template:
            metadata: { labels: { app: index } }
            spec:
              affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: disk, operator: In, values: [ssd] }] }] } } }
              containers: [{ name: app, image: "bookstore/worker:1", resources: { requests: { cpu: "1500m" } } }]
        """
      Then 2 pods of deployment index are eventually scheduled on node fast
      And a pod of deployment index is eventually unschedulable
      And a pod of deployment index has event FailedScheduling saying "node(s) didn't match Pod's node affinity/selector"

    Scenario: Anti-affinity - two of a kind do not share a node
      When I apply:
        """yaml
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: lone }
        spec:
          replicas: 3
          selector: { matchLabels: { app: lone } }
          template:
            metadata: { labels: { app: lone } }
            spec:
              affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: lone } } }] } }
              containers: [{ name: app, image: "bookstore/worker:1" }]
        """
      Then deployment lone eventually has 2 ready replicas
      And 1 pod of deployment lone is scheduled on node plain
      And 1 pod of deployment lone is scheduled on node fast
      And a pod of deployment lone has event FailedScheduling saying "node(s) didn't match pod anti-affinity rules"

    Scenario: A cordoned node takes no new pods, and keeps those it has
      Given I create deployment worker with 2 replicas of image "bookstore/worker:1"
      And 1 pod of deployment worker is scheduled on node plain
      When I cordon node plain
      And I scale deployment worker to 6
      Then deployment worker eventually has 6 ready replicas
      And 1 pod of deployment worker is scheduled on node plain
      And 5 pods of deployment worker are scheduled on node fast

  Rule: Score

    Scenario: Of the feasible nodes the one with more room is picked
      Given I run "kubectl run big --image=bookstore/worker:1 --overrides='{\"spec\":{\"nodeSelector\":{\"disk\":\"ssd\"},\"containers\":[{\"name\":\"big\",\"image\":\"bookstore/worker:1\",\"resources\":{\"requests\":{\"cpu\":\"3\",\"memory\":\"4Gi\"}}}]}}'"
      And pod big is scheduled on node fast
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: small }
        spec: { containers: [{ name: app, image: "bookstore/worker:1", resources: { requests: { cpu: 500m, memory: 512Mi } } }] }
        """
      Then pod small is eventually scheduled on node plain
