Feature: Owners that are wrong, namespaces that wait, requests to be signed

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Owners that never were, of another namespace, of another kind
    When I run "kubectl create namespace ownwave1"
    And I run "kubectl -n ownwave1 create configmap away"
    And I run "kubectl create configmap here"
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: by-uid
        ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: here, uid: 11111111-1111-1111-1111-111111111111}]
      ---
      apiVersion: v1
      kind: Secret
      metadata:
        name: of-a-node
        ownerReferences: [{apiVersion: v1, kind: Node, name: worker-1, uid: 11111111-1111-1111-1111-111111111111}]
      ---
      apiVersion: v1
      kind: Secret
      metadata:
        name: of-nothing
        ownerReferences: [{apiVersion: nothing.example.com/v1, kind: Nothing, name: none, uid: 11111111-1111-1111-1111-111111111112}]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: two-controllers
        ownerReferences:
          - {apiVersion: v1, kind: ConfigMap, name: here, uid: 11111111-1111-1111-1111-111111111113, controller: true}
          - {apiVersion: v1, kind: ConfigMap, name: there, uid: 11111111-1111-1111-1111-111111111114, controller: true}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: nameless
        ownerReferences: [{apiVersion: v1, kind: Event, name: "", uid: ""}]
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get configmaps,secrets
      kubectl get events -o custom-columns=TYPE:.type,REASON:.reason,KIND:.involvedObject.kind,MESSAGE:.message
      kubectl delete namespace ownwave1
      """

  @shared-cluster
  Scenario: A namespace waits for a finalizer, and tells what is left
    When I run "kubectl create namespace ownwave3"
    And I run "kubectl -n ownwave3 create configmap a"
    And I run "kubectl -n ownwave3 create configmap b"
    And I run "kubectl -n ownwave3 create deployment d --image=example.com/ownwave3/d:1 --replicas=2"
    And I run "kubectl -n ownwave3 patch configmap a -p '{\"metadata\":{\"finalizers\":[\"example.com/a\"]}}'"
    And I run "kubectl -n ownwave3 patch configmap b -p '{\"metadata\":{\"finalizers\":[\"example.com/a\",\"example.com/b\"]}}'"
    And 2 seconds pass
    And I run "kubectl delete namespace ownwave3 --wait=false"
    And 1 second passes
    And I run:
      """
      kubectl get ns ownwave3
      kubectl -n ownwave3 create configmap late
      kubectl -n ownwave3 get all
      kubectl label ns ownwave3 a=b
      kubectl -n ownwave3 annotate configmap a still=here
      kubectl -n ownwave3 patch configmap a -p '{"metadata":{"finalizers":["example.com/a","example.com/new"]}}'
      """
    And 4 seconds pass
    And I run "kubectl describe ns ownwave3"
    And I run "kubectl -n ownwave3 patch configmap a --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And I run "kubectl -n ownwave3 patch configmap b --type=merge -p '{\"metadata\":{\"finalizers\":[\"example.com/b\"]}}'"
    And 12 seconds pass
    And I run "kubectl get ns ownwave3 -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"; \"}{end}'"
    And I run "kubectl -n ownwave3 patch configmap b --type=merge -p '{\"metadata\":{\"finalizers\":[]}}'"
    And I run "kubectl wait ns ownwave3 --for=delete --timeout=40s"

  @shared-cluster
  Scenario: Requests to be signed are approved, denied, signed and refused
    When I apply:
      """
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: ownwave4-ok}
      spec:
        request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ1lUQ0NBVWtDQVFBd0hERU1NQW9HQTFVRUNnd0RaR1YyTVF3d0NnWURWUVFEREFOaGJtRXdnZ0VpTUEwRwpDU3FHU0liM0RRRUJBUVVBQTRJQkR3QXdnZ0VLQW9JQkFRRE1kMXMrbk5sNTMweEtweUFwM25ZTk5yUXZuTVJxClJyR2crNzE0RUtlb1hxZU5ndG1TcjFvck53VVVlQ0F2b2lVMDFGZWFMTzIyQmJCaXFiNXN5Tm5lcy9uaGQ3V0UKa3dPT2pSMkxuaUZWamNlaktkNDU2a0FCcXhiREM5WjI3cFAyQmlIR3hRMldnbGgvc0w0UnpCUmlUTlJyR1FPSQp6V3prd0UrMUdyVmQwZlVyMGJFZEo3ZVlFSDc1aDd6ZXZaSDBqUlhxWXpCSWVWY1NUSzVIR2ZnWWhnK1QwV0huCnZYdnJZSGRPK1JSZ2FrWWFqVnkyM0k2dTQ5bkIyd2REUFczaFd2QWZTNEV6UndJb1dJZUVzMWtZYm1ZSUJHWWkKQzNzcE9pdis2KzBQUVFxTE0vcDFCVWc0dDJyUmlrckErSndycm9PUGZqTkNBQWhkZElHbE4xKzVBZ01CQUFHZwpBREFOQmdrcWhraUc5dzBCQVFzRkFBT0NBUUVBcGlieEM4Sk0rUThnZVgwV0ZoaVd1OTA3YmFSRlFuVmZxdzExCnN0d2JFTWkrVjRRRkpNQm84cjhWVW5RY050UnFEeFQ2UWJha25rQWwyVTV0TkMyMzNJWnNCWVJMbDNNVGQ1RmUKd3pCL1hNZTZPREFCVWpvRkZ1QXl2STZqeGc1elhMckNKb0l0a0liamJieUVYQ0I0NXc3LzZib216ZWw3dFUwQQp0VzE2UDJmSjMwL2VZTWY3TStoZTBlWlFXWDFaRitmNi9IdUVlMXhpVmRGUG0xNmM3VUV3cEJEUGh2cUhRSG1RCjdwazdVQ3pxbzI0eUhZODhiR1N6elVsUkFmdjFnOHVDRld2ckZBVUZHNjBqUE0zbFY4T2dOZmRGQkwyYWFaaFcKNE1abk9rajRZckdzL1Z6aGRsV1dVSGw1VnhHcTVDd01YU1RlTXZzWXpJL2l2bE5XbUE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K
        signerName: kubernetes.io/kube-apiserver-client
        expirationSeconds: 3600
        usages: [client auth, digital signature]
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: ownwave4-no}
      spec:
        request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ1lUQ0NBVWtDQVFBd0hERU1NQW9HQTFVRUNnd0RaR1YyTVF3d0NnWURWUVFEREFOaGJtRXdnZ0VpTUEwRwpDU3FHU0liM0RRRUJBUVVBQTRJQkR3QXdnZ0VLQW9JQkFRRE1kMXMrbk5sNTMweEtweUFwM25ZTk5yUXZuTVJxClJyR2crNzE0RUtlb1hxZU5ndG1TcjFvck53VVVlQ0F2b2lVMDFGZWFMTzIyQmJCaXFiNXN5Tm5lcy9uaGQ3V0UKa3dPT2pSMkxuaUZWamNlaktkNDU2a0FCcXhiREM5WjI3cFAyQmlIR3hRMldnbGgvc0w0UnpCUmlUTlJyR1FPSQp6V3prd0UrMUdyVmQwZlVyMGJFZEo3ZVlFSDc1aDd6ZXZaSDBqUlhxWXpCSWVWY1NUSzVIR2ZnWWhnK1QwV0huCnZYdnJZSGRPK1JSZ2FrWWFqVnkyM0k2dTQ5bkIyd2REUFczaFd2QWZTNEV6UndJb1dJZUVzMWtZYm1ZSUJHWWkKQzNzcE9pdis2KzBQUVFxTE0vcDFCVWc0dDJyUmlrckErSndycm9PUGZqTkNBQWhkZElHbE4xKzVBZ01CQUFHZwpBREFOQmdrcWhraUc5dzBCQVFzRkFBT0NBUUVBcGlieEM4Sk0rUThnZVgwV0ZoaVd1OTA3YmFSRlFuVmZxdzExCnN0d2JFTWkrVjRRRkpNQm84cjhWVW5RY050UnFEeFQ2UWJha25rQWwyVTV0TkMyMzNJWnNCWVJMbDNNVGQ1RmUKd3pCL1hNZTZPREFCVWpvRkZ1QXl2STZqeGc1elhMckNKb0l0a0liamJieUVYQ0I0NXc3LzZib216ZWw3dFUwQQp0VzE2UDJmSjMwL2VZTWY3TStoZTBlWlFXWDFaRitmNi9IdUVlMXhpVmRGUG0xNmM3VUV3cEJEUGh2cUhRSG1RCjdwazdVQ3pxbzI0eUhZODhiR1N6elVsUkFmdjFnOHVDRld2ckZBVUZHNjBqUE0zbFY4T2dOZmRGQkwyYWFaaFcKNE1abk9rajRZckdzL1Z6aGRsV1dVSGw1VnhHcTVDd01YU1RlTXZzWXpJL2l2bE5XbUE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K
        signerName: example.com/own
        usages: [server auth]
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: ownwave4-usage}
      spec:
        request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ1lUQ0NBVWtDQVFBd0hERU1NQW9HQTFVRUNnd0RaR1YyTVF3d0NnWURWUVFEREFOaGJtRXdnZ0VpTUEwRwpDU3FHU0liM0RRRUJBUVVBQTRJQkR3QXdnZ0VLQW9JQkFRRE1kMXMrbk5sNTMweEtweUFwM25ZTk5yUXZuTVJxClJyR2crNzE0RUtlb1hxZU5ndG1TcjFvck53VVVlQ0F2b2lVMDFGZWFMTzIyQmJCaXFiNXN5Tm5lcy9uaGQ3V0UKa3dPT2pSMkxuaUZWamNlaktkNDU2a0FCcXhiREM5WjI3cFAyQmlIR3hRMldnbGgvc0w0UnpCUmlUTlJyR1FPSQp6V3prd0UrMUdyVmQwZlVyMGJFZEo3ZVlFSDc1aDd6ZXZaSDBqUlhxWXpCSWVWY1NUSzVIR2ZnWWhnK1QwV0huCnZYdnJZSGRPK1JSZ2FrWWFqVnkyM0k2dTQ5bkIyd2REUFczaFd2QWZTNEV6UndJb1dJZUVzMWtZYm1ZSUJHWWkKQzNzcE9pdis2KzBQUVFxTE0vcDFCVWc0dDJyUmlrckErSndycm9PUGZqTkNBQWhkZElHbE4xKzVBZ01CQUFHZwpBREFOQmdrcWhraUc5dzBCQVFzRkFBT0NBUUVBcGlieEM4Sk0rUThnZVgwV0ZoaVd1OTA3YmFSRlFuVmZxdzExCnN0d2JFTWkrVjRRRkpNQm84cjhWVW5RY050UnFEeFQ2UWJha25rQWwyVTV0TkMyMzNJWnNCWVJMbDNNVGQ1RmUKd3pCL1hNZTZPREFCVWpvRkZ1QXl2STZqeGc1elhMckNKb0l0a0liamJieUVYQ0I0NXc3LzZib216ZWw3dFUwQQp0VzE2UDJmSjMwL2VZTWY3TStoZTBlWlFXWDFaRitmNi9IdUVlMXhpVmRGUG0xNmM3VUV3cEJEUGh2cUhRSG1RCjdwazdVQ3pxbzI0eUhZODhiR1N6elVsUkFmdjFnOHVDRld2ckZBVUZHNjBqUE0zbFY4T2dOZmRGQkwyYWFaaFcKNE1abk9rajRZckdzL1Z6aGRsV1dVSGw1VnhHcTVDd01YU1RlTXZzWXpJL2l2bE5XbUE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K
        signerName: kubernetes.io/kube-apiserver-client
        usages: [server auth]
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: ownwave4-kubelet}
      spec:
        request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ1lUQ0NBVWtDQVFBd0hERU1NQW9HQTFVRUNnd0RaR1YyTVF3d0NnWURWUVFEREFOaGJtRXdnZ0VpTUEwRwpDU3FHU0liM0RRRUJBUVVBQTRJQkR3QXdnZ0VLQW9JQkFRRE1kMXMrbk5sNTMweEtweUFwM25ZTk5yUXZuTVJxClJyR2crNzE0RUtlb1hxZU5ndG1TcjFvck53VVVlQ0F2b2lVMDFGZWFMTzIyQmJCaXFiNXN5Tm5lcy9uaGQ3V0UKa3dPT2pSMkxuaUZWamNlaktkNDU2a0FCcXhiREM5WjI3cFAyQmlIR3hRMldnbGgvc0w0UnpCUmlUTlJyR1FPSQp6V3prd0UrMUdyVmQwZlVyMGJFZEo3ZVlFSDc1aDd6ZXZaSDBqUlhxWXpCSWVWY1NUSzVIR2ZnWWhnK1QwV0huCnZYdnJZSGRPK1JSZ2FrWWFqVnkyM0k2dTQ5bkIyd2REUFczaFd2QWZTNEV6UndJb1dJZUVzMWtZYm1ZSUJHWWkKQzNzcE9pdis2KzBQUVFxTE0vcDFCVWc0dDJyUmlrckErSndycm9PUGZqTkNBQWhkZElHbE4xKzVBZ01CQUFHZwpBREFOQmdrcWhraUc5dzBCQVFzRkFBT0NBUUVBcGlieEM4Sk0rUThnZVgwV0ZoaVd1OTA3YmFSRlFuVmZxdzExCnN0d2JFTWkrVjRRRkpNQm84cjhWVW5RY050UnFEeFQ2UWJha25rQWwyVTV0TkMyMzNJWnNCWVJMbDNNVGQ1RmUKd3pCL1hNZTZPREFCVWpvRkZ1QXl2STZqeGc1elhMckNKb0l0a0liamJieUVYQ0I0NXc3LzZib216ZWw3dFUwQQp0VzE2UDJmSjMwL2VZTWY3TStoZTBlWlFXWDFaRitmNi9IdUVlMXhpVmRGUG0xNmM3VUV3cEJEUGh2cUhRSG1RCjdwazdVQ3pxbzI0eUhZODhiR1N6elVsUkFmdjFnOHVDRld2ckZBVUZHNjBqUE0zbFY4T2dOZmRGQkwyYWFaaFcKNE1abk9rajRZckdzL1Z6aGRsV1dVSGw1VnhHcTVDd01YU1RlTXZzWXpJL2l2bE5XbUE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K
        signerName: kubernetes.io/kubelet-serving
        usages: [server auth, digital signature]
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: ownwave4-broken}
      spec:
        request: bm90aGluZw==
        signerName: nodomain
        expirationSeconds: 60
        usages: [everything]
      """
    And I run:
      """
      kubectl get csr
      kubectl certificate approve ownwave4-ok ownwave4-usage ownwave4-kubelet
      kubectl certificate deny ownwave4-no
      kubectl certificate approve ownwave4-no
      kubectl certificate deny ownwave4-ok
      kubectl certificate approve ownwave4-missing
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get csr
      kubectl describe csr ownwave4-usage
      kubectl get csr ownwave4-kubelet -o jsonpath='{.status.conditions[*].type} {.status.conditions[*].message}'
      kubectl certificate approve ownwave4-ok --as=ana
      kubectl patch csr ownwave4-ok --type=merge -p '{"spec":{"usages":["any"]}}'
      kubectl delete csr ownwave4-ok ownwave4-no ownwave4-usage ownwave4-kubelet
      """

  @shared-cluster
  Scenario: Maps and secrets that may not change
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: fixed}
      immutable: true
      data: {a: "1"}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: fixed}
      immutable: true
      stringData: {a: "1"}
      """
    And I run:
      """
      kubectl patch configmap fixed -p '{"data":{"a":"2"}}'
      kubectl patch configmap fixed -p '{"immutable":false}'
      kubectl patch configmap fixed -p '{"binaryData":{"b":"AAAA"}}'
      kubectl label configmap fixed x=y
      kubectl patch secret fixed -p '{"stringData":{"a":"2"}}'
      kubectl patch secret fixed -p '{"immutable":null,"type":"x"}'
      kubectl create secret tls t --cert=none.pem --key=none.pem
      kubectl create secret docker-registry r --docker-server=example.com --docker-username=u --docker-password=p
      kubectl get secret r -o jsonpath='{.type} {.data}'
      kubectl create secret generic g --type=kubernetes.io/basic-auth --from-literal=x=y
      kubectl create secret generic g --type=kubernetes.io/ssh-auth --from-literal=x=y
      kubectl create secret generic g --type=kubernetes.io/tls --from-literal=tls.crt=y
      kubectl create secret generic g --type=kubernetes.io/dockerconfigjson --from-literal=.dockerconfigjson=y
      kubectl create secret generic g --from-literal=bad/key=y
      kubectl create configmap g --from-literal=..=y
      kubectl create configmap g --from-literal=a=1 --from-literal=a=2
      kubectl create configmap g --from-literal=a=1 --append-hash
      kubectl create configmap g --from-env-file=none.env
      kubectl describe configmap fixed
      kubectl describe secret fixed
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: both}
      data: {a: "1"}
      binaryData: {a: AAAA}
      """
