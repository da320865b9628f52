Feature: Where pods may be: namespaces of others, devices, revisions, volumes

  Background:
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory
    And the nodes:
      | name     | zone | labels    |
      | worker-1 | a    | disk=ssd  |
      | worker-2 | b    | disk=hdd  |

  @shared-cluster
  Scenario: Near and far from pods of other namespaces
    When I run "kubectl create namespace schedwave1"
    And I run "kubectl label namespace schedwave1 team=a"
    And I run "kubectl -n schedwave1 run anchor --image=example.com/schedtwave1/a:1 -l app=anchor --overrides='{\"spec\":{\"nodeSelector\":{\"disk\":\"hdd\"},\"terminationGracePeriodSeconds\":1}}'"
    And I run "kubectl -n schedwave1 wait pod anchor --for=condition=Ready --timeout=40s"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: same-namespace}
      spec:
        terminationGracePeriodSeconds: 1
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: anchor}}}]}}
        containers: [{name: app, image: "example.com/schedtwave1/a:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: by-name}
      spec:
        terminationGracePeriodSeconds: 1
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, namespaces: [schedwave1], labelSelector: {matchLabels: {app: anchor}}}]}}
        containers: [{name: app, image: "example.com/schedtwave1/a:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: away, labels: {app: away}}
      spec:
        terminationGracePeriodSeconds: 1
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, namespaceSelector: {matchLabels: {team: a}}, labelSelector: {matchExpressions: [{key: app, operator: Exists}]}}]}}
        containers: [{name: app, image: "example.com/schedtwave1/a:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: nowhere}
      spec:
        terminationGracePeriodSeconds: 1
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/os, namespaceSelector: {}, labelSelector: {matchLabels: {app: anchor}}}]}}
        containers: [{name: app, image: "example.com/schedtwave1/a:1"}]
      """
    And 4 seconds pass
    And I run "kubectl get pods -o wide"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl label namespace schedwave1 team-"
    And I run "kubectl run anchor --image=example.com/schedtwave1/a:1 -l app=anchor"
    And 3 seconds pass
    And I run "kubectl get pods -o wide"
    And I run "kubectl delete namespace schedwave1"
    And 2 seconds pass
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Devices that a node tells of, and pods that want whole ones
    When I run:
      """
      kubectl patch node worker-1 --subresource=status --type=merge -p '{"status":{"capacity":{"example.com/gpu":"2"},"allocatable":{"example.com/gpu":"2"}}}'
      kubectl get node worker-1 -o jsonpath='{.status.allocatable.example\.com/gpu}'
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: half}
      spec: {containers: [{name: app, image: x, resources: {limits: {example.com/gpu: 500m}}}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: unequal}
      spec: {containers: [{name: app, image: x, resources: {requests: {example.com/gpu: 1, hugepages-2Mi: 4Mi}, limits: {example.com/gpu: 2}}}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: request-only}
      spec: {containers: [{name: app, image: x, resources: {requests: {example.com/gpu: 1}}}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: odd}
      spec: {containers: [{name: app, image: x, resources: {limits: {gpu: 1, kubernetes.io/thing: 1, cpu: -1, memory: 1.5}, requests: {memory: 2}, claims: [{name: none}]}}]}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: train}
      spec:
        replicas: 3
        selector: {matchLabels: {app: train}}
        template:
          metadata: {labels: {app: train}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/schedtwave2/train:1", resources: {limits: {example.com/gpu: 1}}}]}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pods --field-selector status.phase=Pending -o custom-columns=STATUS:.status.phase,WHY:.status.conditions[0].message
      kubectl describe node worker-1
      kubectl scale deployment train --replicas=0
      """
    And 2 seconds pass
    And I run "kubectl patch node worker-1 --subresource=status --type=json -p '[{\"op\":\"remove\",\"path\":\"/status/capacity/example.com~1gpu\"},{\"op\":\"remove\",\"path\":\"/status/allocatable/example.com~1gpu\"}]'"

  @shared-cluster
  Scenario: Spreading by revision, over tainted nodes, with what is ignored
    When I run "kubectl taint node worker-2 schedwave4=x:NoSchedule"
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: spread}
      spec:
        replicas: 3
        selector: {matchLabels: {app: spread}}
        template:
          metadata: {labels: {app: spread}}
          spec:
            terminationGracePeriodSeconds: 1
            topologySpreadConstraints:
              - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Honor, matchLabelKeys: [pod-template-hash], labelSelector: {matchLabels: {app: spread}}}
            containers: [{name: app, image: "example.com/schedtwave4/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: ignoring}
      spec:
        replicas: 3
        selector: {matchLabels: {app: ignoring}}
        template:
          metadata: {labels: {app: ignoring}}
          spec:
            terminationGracePeriodSeconds: 1
            topologySpreadConstraints:
              - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, minDomains: 3, labelSelector: {matchLabels: {app: ignoring}}}
            containers: [{name: app, image: "example.com/schedtwave4/app:1"}]
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pods -L app -o wide --sort-by=.metadata.labels.app
      kubectl get events --field-selector reason=FailedScheduling -o custom-columns=MESSAGE:.message
      kubectl patch deployment spread --type=json -p '[{"op":"replace","path":"/spec/template/spec/topologySpreadConstraints/0/maxSkew","value":0}]'
      kubectl patch deployment spread --type=json -p '[{"op":"replace","path":"/spec/template/spec/topologySpreadConstraints/0/nodeTaintsPolicy","value":"Maybe"}]'
      kubectl patch deployment spread --type=json -p '[{"op":"add","path":"/spec/template/spec/topologySpreadConstraints/0/minDomains","value":0}]'
      kubectl patch deployment spread --type=json -p '[{"op":"replace","path":"/spec/template/spec/topologySpreadConstraints/0/matchLabelKeys","value":["app"]}]' --dry-run=server
      kubectl patch deployment spread --type=json -p '[{"op":"replace","path":"/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable","value":"ScheduleAnyway"},{"op":"add","path":"/spec/template/spec/topologySpreadConstraints/0/minDomains","value":2}]'
      kubectl taint node worker-2 schedwave4-
      """
    And 4 seconds pass
    And I run "kubectl get pods --field-selector status.phase=Pending -o custom-columns=WHY:.status.conditions[0].message"
    And I run "kubectl rollout restart deployment spread"
    And I run "kubectl rollout status deployment spread --timeout=40s"

  @shared-cluster
  Scenario: A local volume ties a pod that waited for its claim
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: schedwave6}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: schedwave6-1}
      spec:
        capacity: {storage: 2Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: schedwave6
        local: {path: /mnt/a}
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-1]}]}]}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec: {storageClassName: schedwave6, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: elsewhere}
      spec: {terminationGracePeriodSeconds: 1, nodeSelector: {disk: hdd}, containers: [{name: app, image: "example.com/schedtwave6/a:1", volumeMounts: [{name: d, mountPath: /d}]}], volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pvc,pv
      kubectl get pod elsewhere -o jsonpath='{.status.conditions[0].message}'
      kubectl describe pvc data
      kubectl delete pod elsewhere
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: right}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/schedtwave6/a:1", volumeMounts: [{name: d, mountPath: /d}]}], volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]}
      """
    Then pod right eventually scheduled on node worker-1
    When 3 seconds pass
    And I run:
      """
      kubectl get pvc,pv
      kubectl describe pv schedwave6-1
      kubectl delete pvc data --wait=false
      kubectl get pvc data
      kubectl delete pod right
      """
    And 2 seconds pass
    And I run "kubectl get pvc,pv"
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: schedwave6-2}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: schedwave6, local: {path: /mnt/a}}
      """
    And I run:
      """
      kubectl patch pv schedwave6-1 --type=json -p '[{"op":"remove","path":"/spec/claimRef"}]'
      kubectl patch pv schedwave6-1 -p '{"spec":{"capacity":{"storage":"3Gi"}}}'
      kubectl patch pv schedwave6-1 -p '{"spec":{"local":{"path":"/mnt/b"}}}'
      kubectl patch pv schedwave6-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pv
      kubectl delete pv schedwave6-1
      kubectl delete storageclass schedwave6
      """
