Feature: Volumes, claims, namespaces and nodes, from their less trodden sides

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Volumes of many kinds and mistakes in them
    When I create:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: claimtide1-wrong}
      spec: {capacity: {storage: 0}, accessModes: [ReadWriteOncePod, ReadWriteMany, Sometimes], volumeMode: Tape, persistentVolumeReclaimPolicy: Burn, hostPath: {path: ""}, nfs: {server: "", path: x}}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: claimtide1-csi}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], csi: {driver: csi.example.com, volumeHandle: h1, fsType: ext4, volumeAttributes: {a: b}}, mountOptions: [ro], nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-1]}]}]}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: wrong}
      spec: {accessModes: [], volumeMode: Tape, storageClassName: Bad_Class, resources: {requests: {storage: -1}, limits: {cpu: 1}}, dataSource: {kind: VolumeSnapshot, name: s}, dataSourceRef: {kind: PersistentVolumeClaim, name: t}, selector: {matchExpressions: [{key: a, operator: Has}]}}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: pinned}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: claimtide1-csi, resources: {requests: {storage: 500Mi}}}
      """
    Then pvc pinned eventually Bound
    When I run:
      """
      kubectl get pv,pvc
      kubectl describe pv claimtide1-csi
      kubectl describe pvc pinned
      kubectl get pv claimtide1-csi -o jsonpath='{.spec.claimRef.name} {.metadata.annotations} {.metadata.finalizers}'
      kubectl patch pvc pinned -p '{"spec":{"volumeName":"other"}}'
      kubectl patch pvc pinned -p '{"spec":{"accessModes":["ReadWriteMany"]}}'
      kubectl patch pvc pinned -p '{"spec":{"resources":{"requests":{"storage":"800Mi"}}}}'
      kubectl patch pv claimtide1-csi -p '{"spec":{"csi":{"volumeHandle":"h2"}}}'
      kubectl patch pv claimtide1-csi -p '{"spec":{"nodeAffinity":null}}'
      kubectl patch pv claimtide1-csi -p '{"spec":{"accessModes":["ReadWriteMany"]}}'
      kubectl patch pv claimtide1-csi -p '{"spec":{"storageClassName":"x"}}'
      kubectl patch pvc pinned --type=merge -p '{"metadata":{"finalizers":null}}'
      kubectl delete pvc pinned
      """
    And 2 seconds pass
    And I run "kubectl get pv claimtide1-csi"
    And I run "kubectl get events --field-selector involvedObject.kind=PersistentVolume -o custom-columns=REASON:.reason,MESSAGE:.message"
    And I run "kubectl delete pv claimtide1-csi"

  @shared-cluster
  Scenario: Classes that compete to be the default, and claims that get one late
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: early}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: none}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
      """
    And 1 second passes
    And I run "kubectl describe pvc early"
    And I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: claimtide2-a, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: example.com/a
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: claimtide2-b, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      """
    And 17 seconds pass
    And I run:
      """
      kubectl get sc
      kubectl get pvc
      kubectl describe pvc early
      kubectl create -f claims-tide-claim.yaml
      kubectl get pvc late -o jsonpath='{.spec.storageClassName} {.spec.volumeMode} {.status.phase}'
      kubectl delete sc claimtide2-a claimtide2-b
      kubectl delete pvc --all
      """

  @shared-cluster
  Scenario: Namespaces with words, labels and limits of their own
    When I run:
      """
      kubectl create namespace claimtide3
      kubectl create namespace claimtide3
      kubectl create namespace Bad_Name
      kubectl create namespace kube-own
      kubectl get namespace claimtide3 -o jsonpath='{.metadata.labels} {.spec.finalizers} {.status.phase}'
      kubectl label namespace claimtide3 kubernetes.io/metadata.name=other --overwrite
      kubectl get namespace claimtide3 -o jsonpath='{.metadata.labels}'
      kubectl patch namespace claimtide3 --type=merge -p '{"spec":{"finalizers":["example.com/x"]}}'
      kubectl patch namespace claimtide3 --type=merge -p '{"metadata":{"finalizers":["plain"]}}'
      kubectl -n claimtide3 create quota q --hard=pods=1
      kubectl -n claimtide3 create serviceaccount robot
      kubectl describe namespace claimtide3
      kubectl -n claimtide3 get configmap,sa,quota
      kubectl -n claimtide3 delete configmap kube-root-ca.crt
      kubectl -n claimtide3 delete sa default
      """
    And 1 second passes
    And I run:
      """
      kubectl -n claimtide3 get configmap,sa
      kubectl delete namespace claimtide3
      kubectl delete namespace default
      kubectl delete namespace kube-own kube-missing
      kubectl -n claimtide3 get pods
      kubectl -n claimtide3 create configmap x
      kubectl get pods -n 'Bad Name'
      """

  @shared-cluster
  Scenario: Nodes as objects
    When I run:
      """
      kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR,TAINTS:.spec.taints
      kubectl create -f claims-tide-node.yaml
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get node claimtide4
      kubectl get node claimtide4 -o jsonpath='{.spec.taints[*].key} {.spec.podCIDR}'
      kubectl label node claimtide4 beta.kubernetes.io/os=linux node-role.kubernetes.io/worker=
      kubectl describe node claimtide4
      kubectl patch node claimtide4 -p '{"spec":{"podCIDR":"10.200.0.0/24","podCIDRs":["10.200.0.0/24"]}}'
      kubectl patch node claimtide4 --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Hand","lastHeartbeatTime":null}],"capacity":{"cpu":"4","memory":"8Gi","pods":"10"}}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get node claimtide4
      kubectl get node claimtide4 -o jsonpath='{.spec.taints} {.status.allocatable}'
      kubectl run away --image=example.com/claimtide4/a:1 --overrides='{"spec":{"nodeSelector":{"node-role.kubernetes.io/worker":""}}}'
      kubectl taint node claimtide4 a=b:NoExecute
      kubectl drain claimtide4 --ignore-daemonsets --force
      kubectl delete node claimtide4
      """
    And 3 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl get pod away"

  @shared-cluster
  Scenario: Services and what their slices say while pods come, fail and go
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, annotations: {a: b}}
      spec: {selector: {app: web}, sessionAffinity: ClientIP, internalTrafficPolicy: Local, ports: [{name: http, port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c}, {name: probe, port: 81, targetPort: status}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, annotations: {behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 0}, {from: 8s, code: 1}], term: {after: 3s, code: 0}}"}}
          spec: {terminationGracePeriodSeconds: 10, containers: [{name: app, image: "example.com/claimtide5/web:1", ports: [{name: status, containerPort: 9000}], readinessProbe: {exec: {command: [c]}, periodSeconds: 1, failureThreshold: 1}}]}
      """
    Then deployment web eventually has 2 available replicas
    When I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].ports}'
      kubectl describe service web
      kubectl label service web team=x
      """
    And 10 seconds pass
    And I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[*].conditions} {.items[0].metadata.labels}'
      kubectl get endpoints web -o jsonpath='{.subsets}'
      kubectl patch service web -p '{"spec":{"publishNotReadyAddresses":true}}'
      """
    And 1 second passes
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[*].conditions}'"
    And I run "kubectl scale deployment web --replicas=1"
    And 1 second passes
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[*].conditions}'"
    And I run "kubectl patch service web --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/selector\"}]'"
    And 1 second passes
    And I run "kubectl get endpointslices,endpoints"
    And I run "kubectl delete service web"
    And 2 seconds pass
    And I run "kubectl get endpointslices,endpoints"
