Feature: Nodes that are drained, tainted and described; claims and volumes

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A drain with all its flags
    When I run "kubectl create deployment web --image=example.com/nodewave1/web:1 --replicas=2"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/nodewave1/agent:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bare, annotations: {behaviour.kscenario.dev/app: "term: {after: 4s, code: 0}"}}
      spec: {nodeName: worker-2, containers: [{name: app, image: "example.com/nodewave1/bare:1"}], volumes: [{name: s, emptyDir: {}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: done, annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 0}"}}
      spec: {nodeName: worker-2, restartPolicy: Never, containers: [{name: app, image: "example.com/nodewave1/done:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    And pod bare eventually Ready
    And pod done eventually Succeeded
    When I run:
      """
      kubectl drain worker-2
      kubectl drain worker-2 --ignore-daemonsets
      kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data
      kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data --force --dry-run=client
      kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data --force --dry-run=server
      kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data --force --timeout=1s
      kubectl drain worker-2 --ignore-daemonsets --delete-emptydir-data --force --skip-wait-for-delete-timeout=1 --grace-period=30
      kubectl drain worker-2 --ignore-daemonsets --disable-eviction --force
      kubectl drain worker-9
      kubectl drain
      kubectl drain worker-1 --selector=a=b
      kubectl cordon worker-2
      kubectl get nodes
      kubectl uncordon worker-2
      kubectl uncordon worker-2
      """
    And 2 seconds pass
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Taints and labels by hand
    When I run:
      """
      kubectl taint node worker-1 nodewave2=a:NoSchedule
      kubectl taint node worker-1 nodewave2=b:NoSchedule
      kubectl taint node worker-1 nodewave2=b:NoSchedule --overwrite
      kubectl taint node worker-1 nodewave2:NoExecute other=1:PreferNoSchedule
      kubectl taint node worker-1 nodewave2=a:Never
      kubectl taint node worker-1 nodewave2
      kubectl taint node worker-1 bad/key/x=1:NoSchedule
      kubectl describe node worker-1
      kubectl taint node worker-1 nodewave2:NoSchedule-
      kubectl taint node worker-1 nodewave2- other-
      kubectl taint node worker-1 nodewave2-
      kubectl taint nodes --all nodewave2:PreferNoSchedule
      kubectl taint nodes -l kubernetes.io/hostname=worker-2 nodewave2-
      kubectl taint node worker-1 nodewave2-
      kubectl label node worker-1 node-role.kubernetes.io/edge= kubernetes.io/role=special
      kubectl get nodes
      kubectl label node worker-1 node-role.kubernetes.io/edge- kubernetes.io/role-
      kubectl label node worker-1 bad_label!=x
      kubectl label node worker-1 a=b --resource-version=1
      kubectl patch node worker-1 -p '{"spec":{"podCIDR":"10.9.0.0/24"}}'
      kubectl patch node worker-1 -p '{"spec":{"providerID":"x://1"}}'
      kubectl patch node worker-1 -p '{"spec":{"unschedulable":true,"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]}}'
      kubectl uncordon worker-1
      """
    And 2 seconds pass
    And I run "kubectl get node worker-1 -o jsonpath='{.spec.taints} {.spec.unschedulable}'"

  @shared-cluster
  Scenario: A node is lost, its pods are tolerated for a while, and it is out of service
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 1
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec:
            terminationGracePeriodSeconds: 1
            nodeSelector: {kubernetes.io/os: linux}
            affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-2]}]}}]}}
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}, {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
            containers: [{name: kv, image: "example.com/nodewave4/kv:1", ports: [{containerPort: 80}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kv}
      spec: {selector: {app: kv}, ports: [{port: 80}]}
      """
    Then pod kv-0 eventually scheduled on node worker-2
    And statefulset kv eventually has 1 ready replica
    When node worker-2 goes down
    And 52 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl get pods,endpointslices"
    And 10 seconds pass
    And I run "kubectl get pods kv-0 -o jsonpath='{.metadata.deletionGracePeriodSeconds} {.status.conditions[?(@.type==\"DisruptionTarget\")].reason} {.status.reason}'"
    And I run "kubectl taint node worker-2 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"
    Then pod kv-0 eventually scheduled on node worker-1
    When 3 seconds pass
    And I run "kubectl get pods -o wide"
    And node worker-2 comes back
    And 8 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl taint node worker-2 node.kubernetes.io/out-of-service-"
    And I run "kubectl describe pod kv-0"
