Feature: What a container is given

  @shared-cluster
  Scenario: A Secret for an init container comes late, and so does the key of a ConfigMap
    Given a cluster with 1 node
    And namespace latesettings
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {other: "1"}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 0}}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/latesettings/prepare:1.1
            envFrom: [{secretRef: {name: keys}}]
        containers:
          - name: app
            image: registry.example/latesettings/app:1.1
            env: [{name: PIE, valueFrom: {configMapKeyRef: {name: settings, key: pie}}}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl create secret generic keys --from-literal=a=b"
    And 15 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl patch configmap settings -p '{\"data\":{\"pie\":\"apple\"}}'"
    Then pod web eventually Ready

  @shared-cluster
  Scenario: Volumes of many sources, in a pod with a name and a subdomain
    Given a cluster with 1 node
    And namespace manysources
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: sub}
      spec:
        clusterIP: None
        selector: {app: web}
        ports: [{port: 80}]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {pie: apple}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        hostname: special
        subdomain: sub
        volumes:
          - name: scratch
            emptyDir: {medium: Memory, sizeLimit: 8Mi}
          - name: all
            projected:
              defaultMode: 0400
              sources:
                - configMap: {name: settings, items: [{key: pie, path: a/pie}]}
                - configMap: {name: nowhere, optional: true}
                - downwardAPI: {items: [{path: cpu, resourceFieldRef: {containerName: app, resource: limits.cpu, divisor: 1m}}, {path: labels, fieldRef: {fieldPath: metadata.labels}}]}
                - serviceAccountToken: {path: token, expirationSeconds: 900, audience: vault}
        containers:
          - name: app
            image: registry.example/manysources/app:1.1
            env: [{name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]
            volumeMounts: [{name: scratch, mountPath: /s}, {name: all, mountPath: /all, readOnly: true}]
      """
    Then pod web eventually Ready
    And I run "kubectl get pod web -o wide"
    And I run "kubectl describe pod web"
    And 2 seconds pass

  @shared-cluster
  Scenario: Files, sockets and directories of the host
    Given a cluster with 1 node
    And namespace hostfiles
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: made}
      spec:
        volumes:
          - name: d
            hostPath: {path: /tmp/kscenario-fid5/made, type: DirectoryOrCreate}
        containers:
          - {name: app, image: "registry.example/hostfiles/app:1.1", volumeMounts: [{name: d, mountPath: /d}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: file}
      spec:
        volumes:
          - name: f
            hostPath: {path: /tmp/kscenario-fid5-none/file, type: File}
        containers:
          - {name: app, image: "registry.example/hostfiles/app:1.1", volumeMounts: [{name: f, mountPath: /f}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: socket}
      spec:
        terminationGracePeriodSeconds: 2
        volumes:
          - name: s
            hostPath: {path: /tmp/kscenario-fid5-none/sock, type: Socket}
        containers:
          - {name: app, image: "registry.example/hostfiles/app:1.1", volumeMounts: [{name: s, mountPath: /s}]}
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod socket --wait=false"
    Then pod socket eventually gone

  @shared-cluster
  Scenario: Must not be root: by number, by name of nobody, and not at all
    Given a cluster with 1 node
    And namespace nonroot
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000}
        containers:
          - name: good
            image: registry.example/nonroot/app:1.1
          - name: bad
            image: registry.example/nonroot/app:1.1
            securityContext: {runAsUser: 0}
          - name: free
            image: registry.example/nonroot/app:1.1
            securityContext: {runAsUser: 0, runAsNonRoot: false}
      """
    And 16 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --grace-period=1 --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: More name servers and search paths than a resolver takes
    Given a cluster with 1 node
    And namespace dnsmany
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        dnsConfig:
          nameservers: [192.0.2.51, 192.0.2.52, 192.0.2.53]
          searches: [s01.example, s02.example, s03.example, s04.example, s05.example, s06.example, s07.example, s08.example, s09.example, s10.example, s11.example, s12.example, s13.example, s14.example, s15.example, s16.example, s17.example, s18.example, s19.example, s20.example, s21.example, s22.example, s23.example, s24.example, s25.example, s26.example, s27.example, s28.example, s29.example, s30.example, s31.example]
        containers:
          - name: app
            image: registry.example/dnsmany/app:1.1
      """
    Then pod web eventually Ready
    And 2 seconds pass
    And I run "kubectl get events --field-selector involvedObject.name=web -o custom-columns=R:.reason,M:.message"
