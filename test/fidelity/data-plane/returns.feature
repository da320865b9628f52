Feature: Nodes that come back: to taints, before their API server, to what came late

  Scenario: Deleted pods come back to a taint: one may stay, one may not, one is held
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: may
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        tolerations: [{key: x, operator: Exists}]
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: maynot
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: held
        finalizers: [example.com/hold]
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod may eventually Ready
    And pod maynot eventually Ready
    And pod held eventually Ready
    When 1 seconds pass
    And node worker-1 goes down
    And I run "kubectl taint nodes worker-1 x=1:NoExecute"
    And I run "kubectl delete pod may --wait=false"
    And 3 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 18 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl patch pod held --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And 3 seconds pass
    And I run "kubectl get pods"

  Scenario: A pod that its node refuses as it comes back is deleted before and after that is known
    Given a cluster with 1 node
    When I run "kubectl label node worker-1 disk=fast"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: early
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        nodeSelector: {disk: fast}
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: late
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        nodeSelector: {disk: fast}
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod early eventually Ready
    And pod late eventually Ready
    When 1 seconds pass
    And node worker-1 goes down
    And I run "kubectl label node worker-1 disk-"
    And 3 seconds pass
    And node worker-1 comes back
    And 5 seconds pass
    And I run "kubectl delete pod early --wait=false"
    And 4 seconds pass
    And I run "kubectl get pods"
    And 7 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod late --wait=false"
    And 6 seconds pass
    And I run "kubectl get pods"

  Scenario: A node comes back before the API server: ports, labels, requests, one that is over and one that is deleted
    Given a cluster with 2 nodes
    When I run "kubectl label node worker-1 disk=ssd"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: port
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/h/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: sel
      spec:
        nodeName: worker-1
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "registry.example/h/app:1", resources: {requests: {cpu: 500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: done
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"
      spec:
        nodeName: worker-1
        restartPolicy: Never
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: gone
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod port eventually Ready
    And pod sel eventually Ready
    And pod gone eventually Ready
    And pod done eventually Succeeded
    When 2 seconds pass
    And node worker-1 goes down
    And I run "kubectl delete pod gone --wait=false"
    And 1 seconds pass
    And kube-apiserver goes down
    And 2 seconds pass
    And node worker-1 comes back
    And 7 seconds pass
    And kube-apiserver comes back
    And 35 seconds pass
    And I run "kubectl get pods"

  Scenario: A volume and a variable wait for their maps while the node goes twice
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: vol
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/h/app:1", volumeMounts: [{name: v, mountPath: /v}]}]
        volumes: [{name: v, projected: {sources: [{configMap: {name: late}}, {secret: {name: late}}, {downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}]}}]}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: env
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/h/app:1", envFrom: [{configMapRef: {name: late}}]}]
      """
    And 6 seconds pass
    And node worker-1 goes down
    And I run "kubectl create configmap late --from-literal=a=b"
    And 4 seconds pass
    And node worker-1 comes back
    And 14 seconds pass
    And I run "kubectl get pods"
    And kube-apiserver goes down
    And 3 seconds pass
    And kube-apiserver comes back
    And 6 seconds pass
    And I run "kubectl create secret generic late --from-literal=k=v"
    Then pod vol eventually Ready within 4m
    When 3 seconds pass
    And I run "kubectl get pods"

  Scenario: Deadlines of pods pass while their node hangs
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: d
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 1s, code: 0}}"
      spec:
        nodeName: worker-1
        activeDeadlineSeconds: 14
        terminationGracePeriodSeconds: 3
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: e
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 12s, code: 3, times: 1}}"
      spec:
        nodeName: worker-1
        activeDeadlineSeconds: 60
        restartPolicy: OnFailure
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod d eventually Ready
    And pod e eventually Ready
    When 3 seconds pass
    And node worker-1 hangs
    And 18 seconds pass
    And I run "kubectl get pods"
    And node worker-1 resumes
    And 12 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pod d -o jsonpath='{.status.reason} {.status.message}'"
    And 32 seconds pass
    And I run "kubectl get pods"

  Scenario: Probes go on over a hang of the node within which they would have failed
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: live
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /live, from: 12s, status: 500}, {path: /live, from: 20s, status: 200}, {path: /ready, from: 10s, status: 503}, {path: /ready, from: 26s, status: 200}]}"
      spec:
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1", ports: [{containerPort: 8080}], livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 3, failureThreshold: 3, timeoutSeconds: 1}, readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2, timeoutSeconds: 1}}]
      """
    Then pod live eventually Ready
    When 3 seconds pass
    And node worker-1 hangs
    And 16 seconds pass
    And I run "kubectl get pods"
    And node worker-1 resumes
    And 25 seconds pass
    And I run "kubectl get pods"

  Scenario: The control plane is away while a node hangs, a container crashes and a job ends
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: crash
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 9s, code: 2, times: 2}}"
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 10s, code: 0}}"
      spec:
        nodeName: worker-2
        restartPolicy: Never
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod crash eventually Ready
    And pod task eventually Ready
    When the control plane goes down
    And 2 seconds pass
    And node worker-1 hangs
    And 14 seconds pass
    And the control plane comes back
    And 5 seconds pass
    And node worker-1 resumes
    And 35 seconds pass
    And I run "kubectl get pods"

  Scenario: Pods made and deleted while their node is away, with hooks and finalizers
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: first
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod first eventually Ready
    When node worker-1 goes down
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: brief
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 5
        containers: [{name: app, image: "registry.example/h/app:1", lifecycle: {preStop: {sleep: {seconds: 3}}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: held
        finalizers: [example.com/hold]
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 3
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: init
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 3
        initContainers: [{name: setup, image: "registry.example/h/setup:1"}]
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    And 2 seconds pass
    And I run "kubectl delete pods brief held init --wait=false"
    And 2 seconds pass
    And node worker-1 comes back
    And 14 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl patch pod held --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And 3 seconds pass
    And I run "kubectl get pods"
