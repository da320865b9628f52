Feature: What describe says of things in unusual states

  @shared-cluster
  Scenario: Volumes, claims and classes that wait for one another
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: reef-slow, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: example.com/disk
      parameters: {type: hdd}
      reclaimPolicy: Retain
      allowVolumeExpansion: true
      volumeBindingMode: WaitForFirstConsumer
      mountOptions: [noatime]
      allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [a, b]}]}]
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: reef-nfs, labels: {kind: nfs}}
      spec:
        capacity: {storage: 5Gi}
        accessModes: [ReadWriteMany, ReadOnlyMany]
        storageClassName: ""
        persistentVolumeReclaimPolicy: Recycle
        mountOptions: [hard]
        nfs: {server: 192.0.2.9, path: /x}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: reef-csi}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOncePod]
        storageClassName: reef-slow
        volumeMode: Block
        csi: {driver: example.com/disk, volumeHandle: vol-1, fsType: ext4, volumeAttributes: {b: "2", a: "1"}}
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: waits}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: shared}
      spec: {accessModes: [ReadWriteMany], storageClassName: "", resources: {requests: {storage: 2Gi}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: user}
      spec:
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: shared}}]
      """
    Then pvc shared eventually Bound
    And pod user eventually has field .spec.nodeName "worker-1"
    When I run:
      """
      kubectl get pv
      kubectl get pv -o wide
      kubectl get pvc
      kubectl get pvc -o wide
      kubectl get sc
      kubectl describe sc reef-slow
      kubectl describe pv reef-nfs
      kubectl describe pv reef-csi
      kubectl describe pvc waits
      kubectl describe pvc shared
      kubectl delete pvc shared --wait=false
      kubectl get pvc shared
      kubectl describe pvc shared
      kubectl delete pv reef-nfs --wait=false
      kubectl get pv reef-nfs
      kubectl patch pvc shared -p '{"spec":{"resources":{"requests":{"storage":"4Gi"}}}}'
      kubectl patch pvc waits -p '{"spec":{"resources":{"requests":{"storage":"4Gi"}}}}'
      kubectl delete pod user --force
      """
    Then pvc shared eventually gone
    And pv reef-nfs eventually gone
    When I run:
      """
      kubectl get pv
      kubectl delete pv reef-csi
      kubectl delete pvc waits
      kubectl delete sc reef-slow
      """

  @shared-cluster
  Scenario: A node in all its states, and what stands on it
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl create deployment web --image=example.com/web:1 --replicas=2
      kubectl rollout status deployment web --timeout=60s
      kubectl cordon worker-1
      kubectl taint node worker-1 maintenance=yes:NoSchedule upgrade:PreferNoSchedule
      kubectl label node worker-1 node-role.kubernetes.io/edge= disk=ssd
      kubectl annotate node worker-1 owner=ana
      kubectl get nodes
      kubectl get node worker-1 --show-labels
      kubectl get nodes -L disk
      kubectl get nodes -l '!disk'
      kubectl get node worker-1 -o jsonpath='{.spec}'
      kubectl describe node worker-1
      kubectl cordon worker-1
      kubectl drain worker-1 --dry-run=client
      kubectl drain worker-1 --delete-emptydir-data
      kubectl uncordon worker-1
      kubectl uncordon worker-1
      kubectl taint node worker-1 maintenance- upgrade:PreferNoSchedule-
      kubectl taint node worker-1 maintenance-
      kubectl taint node worker-1 a=b:Sometimes
      kubectl taint node worker-1 a=b:NoSchedule
      kubectl taint node worker-1 a=c:NoSchedule
      kubectl taint node worker-1 a=c:NoSchedule --overwrite
      kubectl taint node worker-1 a-
      kubectl taint nodes --all x=y:PreferNoSchedule
      kubectl taint nodes -l disk=ssd x-
      kubectl label nodes --all disk-
      kubectl label node worker-1 kubernetes.io/hostname-
      kubectl cordon none
      kubectl drain none
      """

  @shared-cluster
  Scenario: Rarer kinds in wide columns and in words
    Given a cluster with 1 node
    When I run:
      """
      kubectl create namespace reef-extra
      kubectl create secret generic login --from-literal=user=a --from-literal=pass=b --type=kubernetes.io/basic-auth
      kubectl create secret generic opaque --from-literal=x=y
      kubectl create secret docker-registry pull --docker-server=r.example.com --docker-username=u --docker-password=p
      kubectl create configmap settings --from-literal=a=1 --from-literal='b=two words'
      kubectl create quota q --hard=pods=2,secrets=5 --scopes=NotTerminating
      kubectl create quota q2 --hard=pods=2,configmaps=9
      kubectl create clusterrole reef-agg --aggregation-rule=rbac.example.com/reef=true
      kubectl create clusterrole reef-res --verb=get,list --resource=nodes --non-resource-url=/metrics
      kubectl create clusterrole reef-url --verb=get --non-resource-url=/metrics,/logs/*
      kubectl create clusterrolebinding reef --clusterrole=reef-agg --group=ops --user=ana --serviceaccount=default:x
      """
    And I apply:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: reef-gvisor}
      handler: runsc
      overhead: {podFixed: {cpu: 10m, memory: 20Mi}}
      scheduling: {nodeSelector: {a: b}, tolerations: [{key: c, operator: Exists}]}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: mine}
      spec: {holderIdentity: me, leaseDurationSeconds: 15}
      ---
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec: {replicas: 1, template: {metadata: {labels: {app: old}}, spec: {containers: [{name: app, image: "example.com/old:1"}]}}}
      ---
      apiVersion: v1
      kind: PodTemplate
      metadata: {name: tmpl}
      template: {metadata: {labels: {app: t}}, spec: {containers: [{name: app, image: "example.com/t:1"}]}}
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: {name: reef.example.com}
      spec: {attachRequired: false, podInfoOnMount: true, volumeLifecycleModes: [Ephemeral]}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: reef-hook}
      webhooks:
      - name: a.reef.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        failurePolicy: Ignore
        timeoutSeconds: 3
        rules: [{apiGroups: [example.com], apiVersions: ["*"], operations: [CREATE], resources: [things]}]
        clientConfig: {service: {name: hook, namespace: default, path: /x}}
      """
    Then pods labelled app=old eventually Ready
    When I run:
      """
      kubectl get secrets
      kubectl describe secret login
      kubectl describe configmap settings
      kubectl get quota
      kubectl describe quota q
      kubectl describe quota q2
      kubectl describe clusterrole reef-agg
      kubectl describe clusterrole reef-url
      kubectl describe clusterrolebinding reef
      kubectl get clusterrolebinding reef -o wide
      kubectl get runtimeclass
      kubectl describe runtimeclass reef-gvisor
      kubectl get lease
      kubectl describe lease mine
      kubectl get rc -o wide
      kubectl describe rc old
      kubectl get podtemplates -o wide
      kubectl describe podtemplate tmpl
      kubectl get csidrivers
      kubectl describe csidriver reef.example.com
      kubectl get validatingwebhookconfigurations
      kubectl describe validatingwebhookconfiguration reef-hook
      kubectl describe namespace reef-extra
      kubectl get controllerrevisions
      kubectl describe flowschema exempt
      kubectl describe prioritylevelconfiguration catch-all
      kubectl describe apiservice v1.apps
      kubectl get componentstatuses
      kubectl describe nothing x
      kubectl describe pod none
      kubectl describe pods -l a=none
      kubectl describe clusterroles.rbac.authorization.k8s.io none
      kubectl delete namespace reef-extra
      """
