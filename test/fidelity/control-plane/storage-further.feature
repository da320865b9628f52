Feature: Volumes that are taken from their claims

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: One is set aside for the same name, one is free again
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: further-one}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: further-one, hostPath: {path: /tmp/further-one}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: further-two}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: further-two, hostPath: {path: /tmp/further-two}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: one}
      spec: {storageClassName: further-one, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: two}
      spec: {storageClassName: further-two, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then persistentvolumeclaim one eventually Bound
    And persistentvolumeclaim two eventually Bound
    When I run "kubectl patch pv further-one --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/claimRef/uid\"}]'"
    And I run "kubectl patch pv further-two --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/claimRef\"}]'"
    And 20 seconds pass
    And I run "kubectl get pv,pvc"
    And I run "kubectl describe pvc one"

  @shared-cluster
  Scenario: A claim stays for a pod that is finished, and its set waits for it to go
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: further-three}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: further-three, hostPath: {path: /tmp/further-three}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: three}
      spec: {storageClassName: further-three, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: further-four}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: further-four, hostPath: {path: /tmp/further-four}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: done, annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 0}"}}
      spec:
        restartPolicy: Never
        volumes: [{name: data, persistentVolumeClaim: {claimName: three}}]
        containers: [{name: app, image: "example.com/further1/done:1", volumeMounts: [{name: data, mountPath: /data}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: own, annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 0}"}}
      spec:
        restartPolicy: Never
        volumes:
        - name: data
          ephemeral: {volumeClaimTemplate: {spec: {storageClassName: further-four, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}
        containers: [{name: app, image: "example.com/further1/own:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod done eventually Succeeded
    And pod own eventually Succeeded
    When I run "kubectl delete pvc three own-data --wait=false"
    And 2 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl describe pvc three"
    And I run "kubectl delete pod done own"
    And 2 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl get pv further-three further-four"
