Feature: What is given to containers, and changes

  @shared-cluster
  Scenario: Labels change under a downward volume, an immutable Secret cannot, and files come under other names
    Given a cluster with 1 node
    And namespace givenlater
    When I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: key}
      immutable: true
      stringData: {a: one}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: files}
      data: {x: "1"}
      binaryData: {why: AAEC}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {tier: front}
      spec:
        volumes:
          - {name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
          - {name: key, secret: {secretName: key, items: [{key: a, path: deep/a, mode: 0400}]}}
          - {name: files, configMap: {name: files, items: [{key: why, path: z}]}}
        containers:
          - name: app
            image: registry.example/givenlater/app:1.1
            envFrom: [{prefix: "P_", configMapRef: {name: files}}, {secretRef: {name: nowhere, optional: true}}]
            env: [{name: A, valueFrom: {secretKeyRef: {name: key, key: a}}}, {name: B, value: "$(A)-$(P_x)"}]
            volumeMounts: [{name: info, mountPath: /info}, {name: key, mountPath: /key}, {name: files, mountPath: /files}]
      """
    Then pod web eventually Ready
    And I run "kubectl label pod web tier=back --overwrite"
    And I run "kubectl patch secret key -p '{\"stringData\":{\"a\":\"two\"}}'"
    And I run "kubectl delete secret key"
    And 4 seconds pass
    And I run "kubectl describe pod web"
    And I run "kubectl delete pod web --grace-period=1"

  @shared-cluster
  Scenario: A full name, a process namespace that is shared, aliases of hosts, and no account
    Given a cluster with 1 node
    And namespace fullname
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostname: a-host
        subdomain: b-sub
        setHostnameAsFQDN: true
        shareProcessNamespace: true
        automountServiceAccountToken: false
        enableServiceLinks: false
        hostAliases: [{ip: 192.0.2.77, hostnames: [old.example]}]
        securityContext: {supplementalGroups: [4000], fsGroup: 3000, sysctls: []}
        containers:
          - name: app
            image: registry.example/fullname/app:1.1
            securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false}
            workingDir: /work
            stdin: true
            tty: true
      """
    Then pod web eventually Ready
    And I run "kubectl get pod web -o wide"
    And I run "kubectl describe pod web"
