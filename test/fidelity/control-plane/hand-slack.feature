Feature: Objects that people seldom write by hand

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Reviews, evictions, bindings, events and revisions by hand
    When I run "kubectl run web --image=example.com/slack1/web:1"
    Then pod web eventually Ready
    When I create:
      """
      apiVersion: authorization.k8s.io/v1
      kind: SubjectAccessReview
      spec: {user: ana, groups: [dev], resourceAttributes: {namespace: default, verb: get, resource: pods}}
      """
    And I create:
      """
      apiVersion: authorization.k8s.io/v1
      kind: LocalSubjectAccessReview
      metadata: {namespace: hand-slack-1}
      spec: {user: ana, resourceAttributes: {namespace: other, verb: get, resource: pods}}
      """
    And I create:
      """
      apiVersion: authentication.k8s.io/v1
      kind: TokenReview
      spec: {token: nonsense}
      """
    And I create:
      """
      apiVersion: v1
      kind: Event
      metadata: {name: mine}
      involvedObject: {kind: Pod, name: web, namespace: hand-slack-1}
      reason: Because
      message: I say so
      type: Normal
      count: 3
      source: {component: me}
      firstTimestamp: "2026-01-01T00:00:00Z"
      lastTimestamp: "2026-01-01T00:00:00Z"
      """
    And I create:
      """
      apiVersion: v1
      kind: Event
      metadata: {name: wrong}
      involvedObject: {kind: Pod, name: web, namespace: other}
      type: Odd
      """
    And I create:
      """
      apiVersion: events.k8s.io/v1
      kind: Event
      metadata: {name: newer}
      eventTime: "2026-01-01T00:00:00.000000Z"
      action: Doing
      reason: Done
      type: Normal
      note: it was done
      reportingController: example.com/me
      reportingInstance: me-1
      regarding: {kind: Pod, name: web, namespace: hand-slack-1}
      """
    And I create:
      """
      apiVersion: events.k8s.io/v1
      kind: Event
      metadata: {name: newest}
      type: Normal
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: ControllerRevision
      metadata: {name: r1}
      revision: 5
      data: {a: {b: 1}}
      """
    And I run:
      """
      kubectl get events -o custom-columns=R:.reason,M:.message,T:.type,C:.count,S:.source.component,RC:.reportingComponent --sort-by=.reason
      kubectl describe pod web
      kubectl get controllerrevisions
      kubectl patch controllerrevision r1 --type=merge -p '{"data":{"a":2}}'
      kubectl patch controllerrevision r1 --type=merge -p '{"revision":-1}'
      kubectl patch event mine --type=merge -p '{"reason":"Other"}'
      kubectl create --raw /api/v1/namespaces/hand-slack-1/pods/web/eviction -f hand-slack-eviction.json
      kubectl create --raw /api/v1/namespaces/hand-slack-1/pods/none/eviction -f hand-slack-eviction.json
      kubectl replace --raw /apis/apps/v1/namespaces/hand-slack-1/deployments/none/scale -f hand-slack-scale.json
      kubectl delete --raw /api/v1/namespaces/hand-slack-1/events/mine
      """
    And 2 seconds pass
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Statuses by hand: services, ingresses, claims, jobs, budgets, namespaces
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: lb}
      spec: {type: LoadBalancer, ports: [{port: 80}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: in}
      spec: {defaultBackend: {service: {name: lb, port: {number: 80}}}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: pdb}
      spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: pvc}
      spec: {accessModes: [ReadWriteOnce], storageClassName: none, resources: {requests: {storage: 1Gi}}}
      """
    And 1 second passes
    And I run:
      """
      kubectl patch service lb --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.50","ipMode":"VIP"},{"hostname":"lb.example.com"}]}}}'
      kubectl get service lb
      kubectl patch service lb --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"nonsense"}]}}}'
      kubectl patch service lb --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"hostname":"1.2.3.4"},{"ip":"1.2.3.4","ipMode":"Odd"}]}}}'
      kubectl patch service lb --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"a b","status":"Perhaps","reason":"","message":"","lastTransitionTime":null}]}}'
      kubectl describe service lb
      kubectl patch service lb --type=merge -p '{"spec":{"type":"ClusterIP"}}'
      kubectl get service lb -o jsonpath='{.status}'
      kubectl patch ingress in --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.60","ports":[{"port":80,"protocol":"TCP"}]}]}}}'
      kubectl get ingress in
      kubectl patch ingress in --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"x"}]}}}'
      kubectl patch pdb pdb --subresource=status --type=merge -p '{"status":{"disruptionsAllowed":-1,"expectedPods":5}}'
      kubectl patch pdb pdb --subresource=status --type=merge -p '{"status":{"disruptionsAllowed":5,"expectedPods":5}}'
      kubectl patch pvc pvc --subresource=status --type=merge -p '{"status":{"phase":"Lost","capacity":{"storage":"2Gi"}}}'
      kubectl patch pvc pvc --subresource=status --type=merge -p '{"status":{"capacity":{"storage":"-2Gi"},"conditions":[{"type":"Resizing","status":"True"}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pdb,pvc
      kubectl describe pvc pvc
      kubectl patch namespace hand-slack-2 --subresource=status --type=merge -p '{"status":{"phase":"Terminating"}}'
      kubectl patch namespace hand-slack-2 --subresource=status --type=merge -p '{"status":{"phase":"Odd"}}'
      kubectl get namespace hand-slack-2 -o jsonpath='{.status.phase}'
      kubectl get service lb --subresource=status
      kubectl get pvc pvc --subresource=scale
      kubectl get deployment none --subresource=scale
      """

  @shared-cluster
  Scenario: A deployment's scale and status by subresource
    When I run "kubectl create deployment web --image=example.com/slack3/web:1 --replicas=1"
    Then deployment web eventually has 1 ready replica
    When I run:
      """
      kubectl get deployment web --subresource=scale
      kubectl get deployment web --subresource=scale -o jsonpath='{.kind} {.spec} {.status}'
      kubectl patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'
      kubectl patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":-2}}'
      kubectl patch deployment web --subresource=scale --type=merge -p '{"metadata":{"labels":{"x":"y"}}}'
      kubectl patch deployment web --subresource=status --type=merge -p '{"status":{"readyReplicas":7},"spec":{"replicas":9},"metadata":{"labels":{"from":"status"}}}'
      kubectl patch deployment web --subresource=status --type=merge -p '{"status":{"readyReplicas":-7}}'
      kubectl patch deployment web --subresource=nothing --type=merge -p '{}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get deployment web -o jsonpath='{.spec.replicas} {.metadata.labels} {.status.readyReplicas}'
      kubectl get deployment web --subresource=status -o jsonpath='{.status.replicas}'
      kubectl get deployment web --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"; "}{end}'
      kubectl get pods --subresource=status
      kubectl replace --subresource=scale -f hand-slack-scale.json
      kubectl get deployment web
      """
