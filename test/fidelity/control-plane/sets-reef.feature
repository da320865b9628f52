Feature: StatefulSets and DaemonSets as a course runs them

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Numbers that begin elsewhere, and a partition that is moved down
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432, name: pg}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 3
        ordinals: {start: 5}
        selector: {matchLabels: {app: db}}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 7}}
        template:
          metadata: {labels: {app: db}}
          spec: {terminationGracePeriodSeconds: 5, containers: [{name: db, image: "example.com/db:1", ports: [{containerPort: 5432, name: pg}]}]}
      """
    Then 3 pods labelled app=db eventually Ready
    When I run:
      """
      kubectl get pods -l app=db -o wide --sort-by=.metadata.name
      kubectl set image statefulset/db db=example.com/db:2
      kubectl rollout status statefulset/db --timeout=40s
      kubectl get pods -l app=db -L apps.kubernetes.io/pod-index -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image
      kubectl rollout history statefulset/db
      kubectl rollout history statefulset/db --revision=2
      kubectl patch statefulset db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":6}}}}'
      kubectl rollout status statefulset/db --timeout=40s
      kubectl get statefulset db -o jsonpath='{.status.updatedReplicas} {.status.currentReplicas} {.status.replicas}'
      kubectl describe statefulset db
      kubectl patch statefulset db -p '{"spec":{"ordinals":{"start":4}}}'
      """
    Then pod db-4 eventually Ready
    And pod db-7 eventually gone
    When I run:
      """
      kubectl get pods -l app=db --sort-by=.metadata.name
      kubectl get endpointslices -l kubernetes.io/service-name=db -o jsonpath='{.items[0].endpoints[*].hostname}'
      kubectl rollout undo statefulset/db
      kubectl get statefulset db -o wide
      """
    And I run "kubectl rollout status statefulset/db --timeout=60s"
    Then statefulset db eventually has field .status.readyReplicas "3"

  @shared-cluster
  Scenario: A broken revision blocks the set until its pod is taken away
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web}
      spec:
        serviceName: web
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: web, image: "example.com/web:1"}]}
      """
    Then 2 pods labelled app=web eventually Ready
    When I run:
      """
      kubectl set env statefulset/web MODE=broken
      kubectl patch statefulset web --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"example.com/web:BAD IMAGE"}]'
      kubectl set image statefulset/web web=missing.example.com/web:9
      """
    Then pod web-1 eventually has field .spec.containers[0].image "missing.example.com/web:9"
    When 8 seconds pass
    And I run:
      """
      kubectl get pods -l app=web
      kubectl rollout status statefulset/web --timeout=3s
      kubectl rollout undo statefulset/web --to-revision=1
      """
    And 6 seconds pass
    And I run:
      """
      kubectl get pods -l app=web
      kubectl delete pod web-1
      kubectl rollout status statefulset/web --timeout=60s
      kubectl get controllerrevisions -l app=web -o custom-columns=REVISION:.revision,OWNER:.metadata.ownerReferences[0].name --sort-by=.revision
      kubectl get statefulset web -o jsonpath='{.status.currentRevision} {.status.updateRevision} {.status.collisionCount}'
      """

  @shared-cluster
  Scenario: Claims are kept when scaled and deleted with the set
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: box}
      spec:
        serviceName: box
        replicas: 2
        podManagementPolicy: Parallel
        persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted: Delete}
        selector: {matchLabels: {app: box}}
        template:
          metadata: {labels: {app: box}}
          spec:
            containers: [{name: box, image: "example.com/box:1", volumeMounts: [{name: data, mountPath: /data}]}]
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then pvc data-box-1 eventually present
    When I run:
      """
      kubectl get pvc
      kubectl get pods
      kubectl describe pod box-0
      kubectl describe pvc data-box-0
      kubectl scale statefulset box --replicas=1
      """
    Then pod box-1 eventually gone
    When I run:
      """
      kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,PHASE:.status.phase
      kubectl get statefulset box -o jsonpath='{.status}'
      kubectl patch statefulset box --type=json -p '[{"op":"replace","path":"/spec/volumeClaimTemplates/0/spec/resources/requests/storage","value":"2Gi"}]'
      kubectl patch statefulset box -p '{"spec":{"serviceName":"other"}}'
      kubectl patch statefulset box -p '{"spec":{"podManagementPolicy":"OrderedReady"}}'
      kubectl patch statefulset box -p '{"spec":{"minReadySeconds":5,"revisionHistoryLimit":1}}'
      kubectl delete statefulset box
      """
    Then pvc data-box-0 eventually gone
    When I run "kubectl get pvc"

  @shared-cluster
  Scenario: A DaemonSet with a selector is followed through labels, a restart and an undo
    When I run "kubectl label node worker-1 disk=ssd"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            nodeSelector: {disk: ssd}
            terminationGracePeriodSeconds: 1
            containers: [{name: agent, image: "example.com/agent:1", readinessProbe: {exec: {command: ["true"]}, periodSeconds: 2}}]
      """
    Then 1 pods labelled app=agent eventually Ready
    When I run:
      """
      kubectl get ds agent
      kubectl get ds agent -o wide
      kubectl label node worker-2 disk=ssd
      kubectl rollout status ds/agent --timeout=30s
      kubectl get pods -l app=agent -o custom-columns=NODE:.spec.nodeName,TOLERATIONS:.spec.tolerations[*].key --sort-by=.spec.nodeName
      kubectl annotate ds/agent kubernetes.io/change-cause=second
      kubectl set image ds/agent agent=example.com/agent:2
      kubectl rollout status ds/agent --timeout=60s
      kubectl rollout history ds/agent
      kubectl rollout history ds/agent --revision=1
      kubectl rollout undo ds/agent --dry-run=server
      kubectl rollout undo ds/agent
      kubectl rollout status ds/agent --timeout=60s
      kubectl rollout history ds/agent
      kubectl rollout restart ds/agent
      kubectl rollout status ds/agent --timeout=60s
      kubectl label node worker-1 disk-
      """
    Then 1 pods labelled app=agent eventually Ready
    When 3 seconds pass
    And I run:
      """
      kubectl describe ds agent
      kubectl get controllerrevisions -o custom-columns=REVISION:.revision --sort-by=.revision
      kubectl rollout pause ds/agent
      kubectl scale ds/agent --replicas=2
      kubectl autoscale ds/agent --max=3
      """
