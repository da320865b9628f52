@shared-cluster
Feature: Manifests with the mistakes that people make

  Background:
    Given a cluster with 1 node

  Scenario: Mistakes 1 to 36
    When I apply:
      """
      apiVersion: apps/v1
      kind: deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: DEPLOYMENT
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployments
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: deployments
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1beta1
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: App/v1
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/V1
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1/x
      kind: Deployment
      metadata: {name: low}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: there}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: deployment
      metadata: {name: there}
      spec: {replicas: 0, minReadySeconds: 3, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I replace:
      """
      apiVersion: apps/v1
      kind: deployment
      metadata: {name: there}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "example.com/x:1"}]}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: pod
      metadata: {name: p}
      spec: {containers: [{name: a, image: x}]}
      """
    And I apply:
      """
      apiVersion: v1
      kind: pod
      metadata: {name: p}
      spec: {containers: [{name: a, image: x}], nope: 1}
      """
    And I apply:
      """
      apiVersion: v1
      kind: service
      metadata: {name: p}
      spec: {ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: after}
      """
    And I apply:
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: in}}
      - {kind: Secret}
      - null
      """
    And I apply:
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: in}}
      - {apiVersion: v1, metadata: {name: x}}
      """
    And I apply:
      """
      apiVersion: v1
      kind: List
      items: []
      """
    And I apply:
      """
      apiVersion: v1
      kind: List
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMapList
      items:
      - {metadata: {name: of-list}}
      """
    And I apply:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j1"}}
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j2"}}
      """
    And I apply:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j3"}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: j4}
      """
    And I apply:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j5"}
      """
    And I apply:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j6"}}
      {"apiVersion":"v1","kind":"ConfigMap",
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: j7}
      ---
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j8"}}
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k1}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k2
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k3}
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k4}
      ---x
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k5}
      """
    And I apply:
      """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: k6
      data: {a: b}
      """
    And I apply:
      """
      
      
      ---
      
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: k7
       labels: {a: b}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
          image: x
         ports:
         - containerPort: 80
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
          - name: a
            image: x
        - name: b
          image: y
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
          command: ["sh", "-c", "echo hi]
          image: x
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
          command: ["sh", "-c" "echo hi"]
          image: x
      """
    And I run "kubectl get cm,deploy,pods,svc,secrets -o name"

  Scenario: Mistakes 37 to 67
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
        annotations:
          a: value: other
      spec: {}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        -name: a
         image: x
      """
    And I apply:
      """
      apiVersion: v1
      kind Pod
      metadata:
        name: p
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
        image: x
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
      	name: p
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: "p
      spec:
        containers: []
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: 'it's'
      spec: {}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: {{ .Values.name }}
      spec: {}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers: [{name: a, image: x}
        restartPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
        labels: {app: x, tier: *none}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
          args: [--flag=a?b, -c]
          image: x
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
      spec:
        containers:
        - name: a
          args: [--url=http://x/?q=1]
          image: x
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: blk}
      data:
        f: |
          a
      	b
          c
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: blk}
      data:
        f: |
        a: b
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: blk2}
      data:
        f: |-x
          a
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: blk3}
      data:
        f: |
           
          a
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data: {a: "b"
      
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
      - a: b
        - c: d
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        a: [1, 2
        b: c
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        a: b
         c: d
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
          a: b
        c: d
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        a
        b: c
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        a: b
        c
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        "a: b
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}}
      data: {}
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: [name: t
      """
    And I apply:
      """
      "apiVersion: v1
      kind: ConfigMap
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data: {a: !bad<x y}
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data: {a: "\u12"}
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        a: &
        b: *
      """
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: t}
      data:
        key with spaces and a very long name: x
        ? y
      """
    And I run "kubectl get cm,deploy,pods,svc,secrets -o name"
