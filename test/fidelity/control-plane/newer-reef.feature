Feature: Younger features of the API

  @shared-cluster
  Scenario: Devices are claimed, and a pod waits for them
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: resource.k8s.io/v1
      kind: DeviceClass
      metadata: {name: reef-gpu}
      spec: {selectors: [{cel: {expression: "device.driver == 'gpu.example.com'"}}]}
      ---
      apiVersion: resource.k8s.io/v1
      kind: ResourceClaimTemplate
      metadata: {name: one-gpu}
      spec: {spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: reef-gpu}}]}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: train}
      spec:
        resourceClaims: [{name: gpu, resourceClaimTemplateName: one-gpu}]
        containers: [{name: app, image: "example.com/train:1", resources: {claims: [{name: gpu}]}}]
      """
    Then pod train eventually has condition PodScheduled=False
    When 2 seconds pass
    And I run:
      """
      kubectl get deviceclasses
      kubectl get resourceclaimtemplates
      kubectl get resourceclaims -o custom-columns=STATUS:.status,OWNER:.metadata.ownerReferences[0].name
      kubectl describe deviceclass reef-gpu
      kubectl describe resourceclaimtemplate one-gpu
      kubectl describe pod train
      kubectl get resourceslices
      kubectl delete pod train
      kubectl get resourceclaims
      kubectl delete deviceclass reef-gpu
      """

  @shared-cluster
  Scenario: Addresses, ranges and bundles that the API server keeps
    Given a cluster with 1 node
    When I run:
      """
      kubectl get servicecidr
      kubectl get servicecidrs -o wide
      kubectl describe servicecidr kubernetes
      kubectl create service clusterip held --tcp=80 --clusterip=10.250.0.77
      kubectl create service clusterip outside --tcp=80 --clusterip=192.168.7.7
      kubectl get ipaddresses -o custom-columns=PARENT:.spec.parentRef.name,RESOURCE:.spec.parentRef.resource
      kubectl get volumeattributesclasses
      kubectl explain servicecidr.spec
      kubectl explain resourceclaim.spec.devices.requests.exactly --api-version=resource.k8s.io/v1
      kubectl explain job.spec.podFailurePolicy.rules.action
      kubectl explain pods.spec.containers.resizePolicy
      kubectl explain hpa.spec.behavior --recursive
      kubectl explain deployments --api-version=apps/v2
      kubectl explain ing.spec.rules.http.paths.pathType
      """

  @shared-cluster
  Scenario: Containers with rules of their own for restarts, and pods with resources as a whole
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: rules
        annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 42, times: 1}", behaviour.kscenario.dev/once: "exit: {after: 1s, code: 1}"}
      spec:
        restartPolicy: Never
        initContainers:
        - name: once
          image: example.com/once:1
          restartPolicy: Never
          restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [9]}}]
        containers:
        - name: app
          image: example.com/app:1
          restartPolicy: Never
          restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: again
        annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 42, times: 1}"}
      spec:
        restartPolicy: Never
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 128Mi}}
        hostname: special
        containers:
        - name: app
          image: example.com/app:1
          restartPolicy: Never
          restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [0, 1]}}]
        - name: other
          image: example.com/other:1
          restartPolicy: OnFailure
      """
    Then pod rules eventually has field .status.phase "Failed"
    And pod again eventually restarted 1 times
    When 3 seconds pass
    And I run:
      """
      kubectl get pods
      kubectl describe pod rules
      kubectl describe pod again
      kubectl get pod again -o jsonpath='{.status.qosClass} {.status.resources} {.status.allocatedResources}'
      kubectl describe node worker-1
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: bad}
      spec:
        restartPolicy: Always
        resources: {requests: {cpu: 100m}, limits: {cpu: 50m, example.com/x: "1"}}
        containers:
        - {name: app, image: "example.com/app:1", restartPolicyRules: [{action: Again, exitCodes: {operator: In, values: []}}], resources: {requests: {cpu: 200m}}}
      """

  @shared-cluster
  Scenario: A set that may miss two at once, and a job with rules about conditions
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: quick}
      spec:
        serviceName: quick
        replicas: 4
        podManagementPolicy: Parallel
        updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
        selector: {matchLabels: {app: quick}}
        template:
          metadata: {labels: {app: quick}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/quick:1"}]}
      """
    Then 4 pods labelled app=quick eventually Ready
    When I run:
      """
      kubectl set image sts/quick app=example.com/quick:2
      kubectl rollout status sts/quick --timeout=60s
      kubectl get sts quick -o jsonpath='{.status}'
      kubectl get sts quick -o jsonpath='{.spec.updateStrategy}'
      kubectl get events --field-selector involvedObject.kind=StatefulSet -o custom-columns=REASON:.reason,MESSAGE:.message
      kubectl patch sts quick -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}}}}'
      kubectl patch sts quick -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":"25%","partition":2}}}}'
      kubectl patch sts quick -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'
      kubectl patch sts quick --type=merge -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'
      kubectl set image sts/quick app=example.com/quick:3
      kubectl rollout status sts/quick --timeout=5s
      kubectl delete pod quick-1
      """
    Then pod quick-1 eventually has field .spec.containers[0].image "example.com/quick:3"
    When I run "kubectl get pods -l app=quick -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image"
