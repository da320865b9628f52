@shared-cluster
Feature: Resizing, rules of restart and what a pod is given

  Scenario: A container that must restart for memory, beside one that need not
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two}
      spec:
        terminationGracePeriodSeconds: 1
        initContainers:
          - {name: side, image: "example.com/rswave1/side:1", restartPolicy: Always, resources: {requests: {cpu: 50m}}}
        containers:
          - {name: a, image: "example.com/rswave1/a:1", resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 128Mi}}, resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}, {resourceName: cpu, restartPolicy: NotRequired}]}
          - {name: b, image: "example.com/rswave1/b:1", resources: {requests: {cpu: 100m, memory: 64Mi}}}
      """
    Then pod two eventually Ready
    When I run "kubectl patch pod two --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"a\",\"resources\":{\"requests\":{\"memory\":\"96Mi\"},\"limits\":{\"memory\":\"256Mi\"}}},{\"name\":\"b\",\"resources\":{\"requests\":{\"cpu\":\"150m\"}}}]}}'"
    And 4 seconds pass
    And I run:
      """
      kubectl get pod two
      kubectl get pod two -o jsonpath='{range .status.containerStatuses[*]}{.name} {.restartCount} {.resources} {.allocatedResources}{"; "}{end}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"initContainers":[{"name":"side","resources":{"requests":{"cpu":"80m"}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":null}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"b","resources":{"limits":{"cpu":"1"}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"b","image":"x"}]}}'
      kubectl patch pod two -p '{"spec":{"containers":[{"name":"b","resources":{"requests":{"cpu":"1"}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"b","resources":{"requests":{"ephemeral-storage":"1Gi"}}}]}}'
      kubectl patch pod two --subresource=resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"300m"}}}]}}'
      """
    And 3 seconds pass
    And I run "kubectl describe pod two"

  Scenario: More than the node has, then more than is left, then a pod less
    Given a cluster with 1 node
    And each node has 2 cpu and 4Gi memory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/rswave2/a:1", resources: {requests: {cpu: 500m}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/rswave2/b:1", resources: {requests: {cpu: 500m}, limits: {cpu: 800m}}}]}
      """
    Then pod a eventually Ready
    And pod b eventually Ready
    When I run "kubectl patch pod a --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"3\"}}}]}}'"
    And 2 seconds pass
    And I run "kubectl get pod a -o jsonpath='{.status.conditions[?(@.type==\"PodResizePending\")]}'"
    And I run "kubectl patch pod a --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"1800m\"}}}]}}'"
    And 2 seconds pass
    And I run "kubectl get pod a -o jsonpath='{.status.conditions[?(@.type==\"PodResizePending\")]}'"
    And I run "kubectl run c --image=example.com/rswave2/c:1 --overrides='{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"example.com/rswave2/c:1\",\"resources\":{\"requests\":{\"cpu\":\"200m\"}}}]}}'"
    And 2 seconds pass
    And I run "kubectl get pod c -o jsonpath='{.status.conditions[0].message}'"
    And I run "kubectl delete pod b"
    And 5 seconds pass
    And I run "kubectl get pod a -o jsonpath='{.status.conditions[*].type} {.status.containerStatuses[0].allocatedResources} {.status.observedGeneration}'"
    And I run "kubectl get events --field-selector involvedObject.name=a -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message"
    And I run "kubectl describe node worker-1"

  Scenario: Rules by exit code for each container, with a policy of its own
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: rules
        annotations:
          behaviour.kscenario.dev/main: "{exit: {after: 25s, code: 0}}"
          behaviour.kscenario.dev/retry: "{exit: {after: 2s, code: 42, times: 2}}"
          behaviour.kscenario.dev/setup: "{exit: {after: 1s, code: 5, times: 1}}"
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 1
        initContainers:
          - {name: setup, image: "example.com/rswave3/setup:1", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [5]}}]}
        containers:
          - {name: main, image: "example.com/rswave3/main:1"}
          - {name: retry, image: "example.com/rswave3/retry:1", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [0, 1]}}]}
      """
    And 30 seconds pass
    And I run "kubectl get pod rules"
    And I run "kubectl get pod rules -o jsonpath='{range .status.containerStatuses[*]}{.name} {.restartCount} {.state}{\"; \"}{end}'"
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        initContainers: [{name: i, image: x, restartPolicy: Always, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]}]
        containers:
          - {name: a, image: x, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]}
          - {name: b, image: x, restartPolicy: Sometimes}
          - {name: c, image: x, restartPolicy: Never, restartPolicyRules: [{action: Stop}, {action: Restart, exitCodes: {operator: Near, values: []}}]}
      """

  Scenario: Variables from everywhere, names that are no variables, parts of volumes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {LEVEL: debug, "1bad": x, "with-dash": w, "dotted.name": z}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: hidden}
      stringData: {PASSWORD: s3cret}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: full, labels: {app: full}, annotations: {note: "a b"}}
      spec:
        hostname: box
        subdomain: sub
        setHostnameAsFQDN: true
        terminationGracePeriodSeconds: 1
        hostAliases: [{ip: 192.0.2.99, hostnames: [db, db.example.com]}]
        containers:
          - name: app
            image: example.com/rswave4/app:1
            resources: {limits: {cpu: 250m, memory: 64Mi}}
            envFrom: [{configMapRef: {name: settings}, prefix: CFG_}, {secretRef: {name: hidden}}, {configMapRef: {name: none, optional: true}}]
            env:
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
              - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
              - {name: NOTE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['note']"}}}
              - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
              - {name: JOINED, value: "$(CPU)-$(MEM)-$$(NODE)-$(NOTHING)"}
              - {name: OPTIONAL, valueFrom: {secretKeyRef: {name: hidden, key: missing, optional: true}}}
            volumeMounts: [{name: c, mountPath: /etc/c, readOnly: true}, {name: d, mountPath: /d}]
        volumes:
          - {name: c, configMap: {name: settings}}
          - {name: d, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
      """
    And 6 seconds pass
    And I run "kubectl describe pod full"
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        hostname: Bad_Host
        subdomain: bad.sub
        hostAliases: [{ip: x, hostnames: [A_b]}]
        containers:
          - name: app
            image: x
            envFrom: [{prefix: "1 x", configMapRef: {name: ""}, secretRef: {name: a}}, {}]
            env: [{name: "", value: a}, {name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}, {name: B, valueFrom: {fieldRef: {fieldPath: spec.replicas}}}, {name: C, valueFrom: {resourceFieldRef: {resource: limits.disk}}}, {name: "a=b", value: c}]
            volumeMounts: [{name: none, mountPath: ""}, {name: v, mountPath: "/a:b", subPath: ../x, subPathExpr: y}, {name: v, mountPath: /c, subPath: /abs}]
            volumeDevices: [{name: v, devicePath: /dev/x}]
        volumes: [{name: v, emptyDir: {sizeLimit: -1}}, {name: v, hostPath: {path: ../x, type: Maybe}}, {name: Bad_, configMap: {name: ""}}, {name: w, secret: {secretName: a, defaultMode: 7777, items: [{key: "", path: /x}]}}, {name: p, projected: {sources: [{}]}}, {name: two, emptyDir: {}, hostPath: {path: /x}}]
      """
