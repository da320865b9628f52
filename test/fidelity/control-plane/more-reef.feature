Feature: A course goes on

  @shared-cluster
  Scenario: Config maps and secrets are mounted, changed, rolled and made immutable
    Given a cluster with 1 node
    When I run:
      """
      kubectl create configmap settings --from-literal=colour=blue --from-literal=size=3
      kubectl create secret generic login --from-literal=password=s3cret
      kubectl create secret tls cert --cert=none.crt --key=none.key
      kubectl create configmap files --from-file=none.txt
      kubectl create configmap settings --from-literal=a=b
      kubectl get secret login -o jsonpath='{.data.password}'
      kubectl describe secret login
      kubectl describe configmap settings
      kubectl create deployment web --image=example.com/web:1
      kubectl set env deployment/web --from=configmap/settings
      kubectl set env deployment/web --from=secret/login --prefix=LOGIN_
      kubectl set env deployment/web --list
      kubectl set env deployment/web --list --resolve
      kubectl rollout status deployment/web --timeout=60s
      kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[0].env}'
      kubectl patch configmap settings -p '{"data":{"colour":"red"}}'
      kubectl patch configmap settings -p '{"immutable":true}'
      kubectl patch configmap settings -p '{"data":{"colour":"green"}}'
      kubectl patch configmap settings -p '{"immutable":false}'
      kubectl patch secret login -p '{"stringData":{"user":"ana"}}'
      kubectl patch secret login -p '{"type":"other"}'
      kubectl get secret login -o go-template='{{range $k, $v := .data}}{{$k}}={{$v | base64decode}}{{"\n"}}{{end}}'
      kubectl get configmap settings -o yaml
      kubectl delete configmap settings
      kubectl rollout restart deployment/web
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pods -l app=web --sort-by=.metadata.creationTimestamp
      kubectl get events --field-selector reason=Failed -o custom-columns=MESSAGE:.message
      kubectl rollout undo deployment/web
      kubectl rollout status deployment/web --timeout=30s
      kubectl get rs -l app=web -o custom-columns=DESIRED:.spec.replicas,READY:.status.readyReplicas --sort-by=.metadata.creationTimestamp
      """

  @shared-cluster
  Scenario: A canary beside the main deployment behind one service
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shop}
      spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: stable}
      spec:
        replicas: 3
        selector: {matchLabels: {app: shop, track: stable}}
        template:
          metadata: {labels: {app: shop, track: stable}}
          spec: {containers: [{name: app, image: "example.com/shop:1", ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: canary}
      spec:
        replicas: 1
        minReadySeconds: 2
        selector: {matchLabels: {app: shop, track: canary}}
        template:
          metadata: {labels: {app: shop, track: canary}}
          spec: {containers: [{name: app, image: "example.com/shop:2", ports: [{containerPort: 8080}]}]}
      """
    Then deployment stable eventually has 3 ready replicas
    And deployment canary eventually has 1 available replicas
    When I run:
      """
      kubectl get deployments -o wide
      kubectl get pods -l app=shop -L track --sort-by=.metadata.labels.track
      kubectl get endpointslices -l kubernetes.io/service-name=shop -o jsonpath='{.items[0].ports} {.items[0].endpoints[*].conditions.ready}'
      kubectl patch service shop -p '{"spec":{"selector":{"track":"canary"}}}'
      kubectl describe service shop
      kubectl scale deployment canary --replicas=3
      kubectl rollout status deployment canary --timeout=60s
      kubectl scale deployment stable --replicas=0
      kubectl get deployments
      kubectl patch service shop --type=json -p '[{"op":"remove","path":"/spec/selector/track"}]'
      kubectl delete deployment stable --cascade=orphan
      kubectl get rs -l track=stable
      kubectl delete deployment,rs -l track=stable
      kubectl get all -l app=shop
      kubectl get deployments
      """

  @shared-cluster
  Scenario: The probes of a course on one deployment, one after the other
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: probed}
      spec:
        replicas: 1
        selector: {matchLabels: {app: probed}}
        template:
          metadata:
            labels: {app: probed}
            annotations: {behaviour.kscenario.dev/app: "{http: [{path: /live, from: 0s, status: 200}, {path: /live, from: 9s, status: 500}, {path: /ready, from: 0s, status: 503}, {path: /ready, from: 3s, status: 200}]}"}
          spec:
            terminationGracePeriodSeconds: 2
            containers:
            - name: app
              image: example.com/probed:1
              ports: [{name: web, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /ready, port: web}, periodSeconds: 1}
              livenessProbe: {httpGet: {path: /live, port: web}, periodSeconds: 2, failureThreshold: 2}
      """
    Then pods labelled app=probed eventually Ready
    And pods labelled app=probed eventually restarted 1 times
    When I run:
      """
      kubectl get pods -l app=probed
      kubectl describe pods -l app=probed
      kubectl get deployment probed
      kubectl patch deployment probed --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/livenessProbe"},{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":"none"}]'
      """
    And 6 seconds pass
    And I run:
      """
      kubectl get pods -l app=probed --sort-by=.metadata.creationTimestamp
      kubectl rollout undo deployment probed
      kubectl rollout status deployment probed --timeout=60s
      kubectl patch deployment probed -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","livenessProbe":{"exec":{"command":["x"]}}}]}}}}'
      kubectl patch deployment probed -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","livenessProbe":{"periodSeconds":-1,"successThreshold":2}}]}}}}'
      kubectl patch deployment probed -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","startupProbe":{"failureThreshold":0}}]}}}}'
      """

  @shared-cluster
  Scenario: Storage by hand, from the volume to the set
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: reef-a}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: {path: /tmp/reef-a}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: reef-b}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: manual, persistentVolumeReclaimPolicy: Delete, hostPath: {path: /tmp/reef-b}}
      """
    And I run "kubectl get pv reef-a reef-b"
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 1
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: db, image: "example.com/db:1", volumeMounts: [{name: data, mountPath: /data}]}]}
        volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: manual, resources: {requests: {storage: 500Mi}}}}]
      """
    Then pvc data-db-0 eventually Bound
    And pod db-0 eventually Ready
    When I run "kubectl scale statefulset db --replicas=2"
    Then pod db-1 eventually Ready
    When I run:
      """
      kubectl get pvc
      kubectl get pv reef-a reef-b
      kubectl describe pvc data-db-1
      kubectl scale statefulset db --replicas=0
      kubectl get pvc
      kubectl delete statefulset db
      kubectl delete pvc data-db-1
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pv reef-a reef-b --ignore-not-found
      kubectl describe pv reef-b
      kubectl delete pvc data-db-0
      kubectl get pv reef-a
      kubectl patch pv reef-a -p '{"spec":{"claimRef":null}}'
      """
    And 1 seconds pass
    And I run "kubectl get pv reef-a"

  @shared-cluster
  Scenario: Requests that do not fit, and what the node says of them
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory
    When I run:
      """
      kubectl create deployment big --image=example.com/big:1 --replicas=3
      kubectl set resources deployment big --requests=cpu=900m,memory=1Gi
      kubectl rollout status deployment big --timeout=60s
      kubectl get pods -l app=big
      kubectl run huge --image=example.com/huge:1 --overrides='{"spec":{"containers":[{"name":"huge","image":"example.com/huge:1","resources":{"requests":{"cpu":"1500m"}}}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pod huge
      kubectl describe pod huge
      kubectl scale deployment big --replicas=6
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get deployment big
      kubectl get pods --field-selector=status.phase=Pending
      kubectl scale deployment big --replicas=1
      """
    Then pod huge eventually Ready
    When I run:
      """
      kubectl describe node worker-1
      kubectl get pods -o wide
      kubectl set resources deployment big --limits=cpu=100m
      kubectl set resources deployment big --requests=cpu=bad
      kubectl set resources deployment big --requests=memory=5Gi
      kubectl rollout status deployment big --timeout=3s
      kubectl get pods -l app=big -o jsonpath='{.items[*].status.qosClass}'
      """

  @shared-cluster
  Scenario: Settings of several objects, one of which is not there
    Given a cluster with 1 node
    When I run:
      """
      kubectl create deployment a --image=example.com/a:1 --replicas=0
      kubectl create deployment b --image=example.com/b:1 --replicas=0
      kubectl create service clusterip s --tcp=80
      kubectl set env deployment/a deployment/none A=1
      kubectl set env deployment/a service/s A=1
      kubectl set image deployment/a deployment/none *=example.com/x:1
      kubectl set image deployment/a deployment/b a=example.com/x:1
      kubectl set resources deployment/a deployment/none --limits=cpu=1
      kubectl set resources deployment/a deployment/b -c a --limits=cpu=1
      kubectl set serviceaccount deployment/a deployment/none robot
      kubectl set selector service/s service/none app=x
      kubectl set selector deployment/a service/s app=y
      kubectl set env deployments --all Z=9
      kubectl set env deployments -l app=b Y=8 Z-
      kubectl set env deployment/a Z=1 --overwrite=false
      kubectl set env deployment/a deployment/b Z=1 --overwrite=false
      kubectl set image deployments -l app=none *=example.com/x:1
      kubectl set env deployment/a
      kubectl set image deployment/a
      kubectl set serviceaccount deployment/a
      kubectl label deployment/a deployment/none x=y
      kubectl annotate deployment/a deployment/none x=y
      kubectl scale deployment/a deployment/none --replicas=0
      kubectl patch deployment/a deployment/none -p '{}'
      kubectl rollout restart deployment/a deployment/none
      kubectl delete deployment/a deployment/none
      kubectl get deployments -o custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image,ENV:.spec.template.spec.containers[0].env,LIMITS:.spec.template.spec.containers[0].resources
      kubectl get service s -o jsonpath='{.spec.selector}'
      """
