Feature: Where pods may go

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels   |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd |
      | worker-3 | 2   | 4Gi    | b    | disk=ssd |

  @shared-cluster
  Scenario: Two tiers of priority, a victim that is slow to go, and the nominated node
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: later-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: later-polite}
      value: 900
      preemptionPolicy: Never
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: victim, annotations: {behaviour.kscenario.dev/app: "term: {after: 6s, code: 0}"}}
      spec:
        nodeSelector: {kubernetes.io/hostname: worker-3}
        terminationGracePeriodSeconds: 20
        containers: [{name: app, image: "example.com/later1/victim:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod victim eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: polite}
      spec:
        priorityClassName: later-polite
        nodeSelector: {kubernetes.io/hostname: worker-3}
        containers: [{name: app, image: "example.com/later1/polite:1", resources: {requests: {cpu: 1}}}]
      """
    And 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: high}
      spec:
        priorityClassName: later-high
        nodeSelector: {kubernetes.io/hostname: worker-3}
        containers: [{name: app, image: "example.com/later1/high:1", resources: {requests: {cpu: 1200m}}}]
      """
    And 2 seconds pass
    And I run "kubectl get pods -o wide"
    Then pod high eventually Ready
    When 1 second passes
    And I run "kubectl get pods -o wide"
    And I run "kubectl describe pod polite"

  @shared-cluster
  Scenario: Volumes that wait for a consumer in one zone
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: later-wait}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: later-zone-b}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: later-wait
        hostPath: {path: /tmp/later-zone-b}
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [b]}]}]}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: first}
      spec: {storageClassName: later-wait, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: second}
      spec: {storageClassName: later-wait, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    And 2 seconds pass
    And I run "kubectl get pvc"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec:
        terminationGracePeriodSeconds: 1
        volumes: [{name: data, persistentVolumeClaim: {claimName: first}}]
        containers: [{name: app, image: "example.com/later2/one:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod one eventually Ready
    And pod one scheduled on node worker-3
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: second}}]
        containers: [{name: app, image: "example.com/later2/two:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    And 2 seconds pass
    And I run "kubectl describe pod two"
    And I run "kubectl describe pvc second"
    And I run "kubectl get pv later-zone-b -o jsonpath='{.spec.claimRef.name} {.status.phase}'"

  @shared-cluster
  Scenario: Spread over zones with a selector, and a node that is cordoned
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: even}
      spec:
        replicas: 4
        selector: {matchLabels: {app: even}}
        template:
          metadata: {labels: {app: even}}
          spec:
            terminationGracePeriodSeconds: 0
            topologySpreadConstraints:
            - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: even}}}
            containers: [{name: even, image: "example.com/later3/even:1"}]
      """
    Then deployment even eventually has 4 available replicas
    When I run "kubectl cordon worker-3"
    And I run "kubectl scale deployment even --replicas=6"
    And 3 seconds pass
    And I run "kubectl get deployment even"
    And I run "kubectl uncordon worker-3"
    Then deployment even eventually has 6 available replicas
    When I run "kubectl get deployment even"

  @shared-cluster
  Scenario: Preferences that cannot be had, and two terms of which one is enough
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: either}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchExpressions: [{key: disk, operator: In, values: [nvme]}]
              - matchExpressions: [{key: disk, operator: In, values: [ssd]}, {key: topology.kubernetes.io/zone, operator: NotIn, values: [a]}]
            preferredDuringSchedulingIgnoredDuringExecution:
            - {weight: 100, preference: {matchExpressions: [{key: disk, operator: DoesNotExist}]}}
        containers: [{name: app, image: "example.com/later4/either:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: apart, labels: {app: apart}}
      spec:
        affinity:
          podAntiAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: apart}}}
        containers: [{name: app, image: "example.com/later4/apart:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: apart-too, labels: {app: apart}}
      spec: {nodeSelector: {disk: hdd}, containers: [{name: app, image: "example.com/later4/apart:1"}]}
      """
    And 3 seconds pass
    And I run "kubectl get pods"
    Then pod either scheduled on node worker-3
    When I run "kubectl describe pod apart-too"
    And I run "kubectl label pod apart app=other --overwrite"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pod apart-too -o jsonpath='{.spec.nodeName}'"

  @shared-cluster
  Scenario: A gate is lifted while there is no room, and room is made
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: big}
      spec:
        terminationGracePeriodSeconds: 1
        nodeSelector: {kubernetes.io/hostname: worker-2}
        containers: [{name: app, image: "example.com/later5/big:1", resources: {requests: {cpu: 1800m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: gated}
      spec:
        schedulingGates: [{name: example.com/wait}]
        nodeSelector: {kubernetes.io/hostname: worker-2}
        tolerations: [{key: keep, operator: Exists}]
        containers: [{name: app, image: "example.com/later5/gated:1", resources: {requests: {cpu: 500m}}}]
      """
    Then pod big eventually Ready
    When I run "kubectl get pods"
    And I run "kubectl patch pod gated --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/schedulingGates\"}]'"
    And 2 seconds pass
    And I run "kubectl describe pod gated"
    And I run "kubectl taint node worker-2 keep=out:NoSchedule"
    And I run "kubectl delete pod big"
    Then pod gated eventually Ready
    When I run "kubectl get pods"
