@shared-cluster
Feature: What kubectl reads of YAML that is odd

  Background:
    Given a cluster with 1 node

  Scenario: Manifests 1 to 35
    When I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c1}
      data: {a: b?c, d: "e"}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c2}
      data: {a: ::1}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c3}
      data: {a: fe80::1, b: "::1"}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c4}
      data: {a: b:c, d: http://x/y?z=1}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c5}
      data: {a: [:x]}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c6}
      data: {a: ?x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c7}
      data: {"a":b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c8}
      data: {'a':b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c9}
      data: {a:b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c10}
      data: {a: x#y, c: x #y}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c11}
      data: {a: -x, b: - x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c12}
      data: {a: x,, b: c}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c13}
      data: {a: x, b: c,}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c14}
      data: {a: "x" "y"}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c15}
      data: {a: {b: c}}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c16}
      data: {a: [b, c]}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c17}
      data: {a b: c d}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c18}
      data: {? a : b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c19}
      data: {a, b: c}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c20}
      data: {a: *none}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c21}
      data: {a: &x b, c: *x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c22}
      data: {a: !!str 5, b: !!str true}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c23}
      data: {a: !!binary aGk=}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c24}
      data: {a: !foo b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c25}
      data: {a: b]}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c26}
      data: {a: "\\x41\\u0042\\t\\""}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c27}
      data: {a: 'it''s'}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c28}
      data: {a: "bad \\q"}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c29}
      data: {a: b
        c: d}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c30}
      data: {a: b,
        c: d}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c31}
      data: {a: %x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c32}
      data: {a: @x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c33}
      data: {a: `x`}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c34}
      data: {a: |x}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c35}
      data: {a: x!, b: x&y, c: x*y}
      """
    And I run "kubectl get cm -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.labels} {.data}{end}'"

  Scenario: Manifests 36 to 70
    When I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c36}
      data:
        a: ::1
        b: ?x
        c: -x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c37}
      data:
        a: %x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c38}
      data:
        a: @x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c39}
      data:
        a: `x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c40}
      data:
        a: x: y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c41}
      data:
        a: "x" y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c42}
      data:
        a: 'x' # c
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c43}
      data:
        a: x # c
        b: x#c
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c44}
      data:
        a: &x y
        b: *x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c45}
      data:
        <<: {c: "d"}
        a: e
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c46}
      data:
        base: &b {c: d}
        <<: *b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c47}
      data:
        a: |
          x
          y
        b: |-
          x
        
        c: |+
          x
        
        d: >
          x
          y
        
          z
        e: >-
          x
            y
          z
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c48}
      data:
        a: |
            x
           y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c49}
      data:
        a: |2
            x
          y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c50}
      data:
        a: |5
          x
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c51}
      data:
        a: x
          y
          z
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c52}
      data:
        a: "x
          y
        
          z"
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c53}
      data:
        a: x
         b: y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c54}
      data:
        a: x
        - b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c55}
      data:
        - a
        - b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c56}
      data:
        a:
        - b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c57}
      data:
        a:
          b: c
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c58}
      data:
        ? a
        : b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c62}
      data:
        a:	b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c63}
      data:
        	a: b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c64}
      data:
        a: b	
        c: d
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c65}
      data:
        a: b
        
        c: d
        # e
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c66}
      data:
        a: 0o17
        b: 017
        c: 0x1F
        d: 0b11
        e: 1_000
        f: 1e3
        g: .5
        h: +1
        i: 12e03
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c68}
      data:
        a: yes
        b: no
        c: on
        d: off
        e: y
        f: n
        g: True
        h: TRUE
        i: tRue
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c69}
      data:
        a: ~
        b: null
        c: Null
        d:
        e: ""
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c70}
      data:
        a: 2020-01-01
        b: 12:30:00
        c: 2020-01-01T00:00:00Z
      """
    And I run "kubectl get cm -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.labels} {.data}{end}'"

  Scenario: Manifests 71 to 105
    When I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c71}
      data:
        a: "1"
        b: 1.0.0
        c: 1.10
        d: v1
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c72}
      data:
        a: x
        a: y
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c73}
      data:
        1: a
        2: b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c76}
      data:
        yes: a
        "yes": b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c78}
      data:
        a: -
        b: --
        c: ---
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c79}
      data:
        a: =
        b: <<
        c: .
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c80}
      data:
        a: "\\u263a\\U0001F600"
        b: ☺
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c81}
      data:
        a: 'x
          y'
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c82}
      data:
        a : b
        "c" : d
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c83}
      data:
        a:b: c
        d:e:f: g
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c85}
      data:
        a: !!map {b: c}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c86}
      data:
        a: [b
        c: d
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c87}
      data:
        a: "b
        c: d
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c88}
      data:
        a: {b: c
        d: e
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c89}
      data:
        a: b}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c90}
      data:
        a: ]b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c91}
      data:
        a: ,b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c92}
      data:
        a: b, c
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c93}
      data:
        a: - b
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c94}
      data:
        a: # b
          c
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c95}
        labels: {}
      """
    And I create:
      """
      %YAML 1.1
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c96}
      """
    And I create:
      """
      ---
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c97}
      ---
      # nothing
      ---
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c98}
      ...
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: c98}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c99}
      --- # second
      apiVersion: v1
      kind: Secret
      metadata: {name: c99}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c100}
      ---x
      
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c101}
       --- 
      apiVersion: v1
      """
    And I create:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c102"}}{"apiVersion":"v1","kind":"Secret","metadata":{"name":"c102"}}
      """
    And I create:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c103"},}
      """
    And I create:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c104"}} // x
      """
    And I create:
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c105"}}
      ---
      {"apiVersion":"v1","kind":"Secret","metadata":{"name":"c105"}}
      """
    And I run "kubectl get cm -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.labels} {.data}{end}'"

  Scenario: Manifests 106 to 129
    When I create:
      """
      [{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c106"}}]
      """
    And I create:
      """
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: c107}
      """
    And I create:
      """
      just text c108
      """
    And I create:
      """
      # only a comment c109
      """
    And I create:
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: c110}}
      - {apiVersion: v1, kind: Nope, metadata: {name: c110}}
      - {kind: Secret}
      - null
      """
    And I create:
      """
      kind: ConfigMap
      metadata: {name: c111}
      """
    And I create:
      """
      apiVersion: v1
      metadata: {name: c112}
      """
    And I create:
      """
      apiVersion: v2
      kind: ConfigMap
      metadata: {name: c113}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: ConfigMap
      metadata: {name: c114}
      """
    And I create:
      """
      apiVersion: [v1]
      kind: ConfigMap
      metadata: {name: c115}
      """
    And I create:
      """
      apiVersion: v1
      kind: 5
      metadata: {name: c116}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: c117
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: [c118]
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: [c119]}
      """
    And I create:
      """
      apiVersion: v1
      kind: configmap
      metadata: {name: c120}
      """
    And I create:
      """
      ApiVersion: v1
      kind: ConfigMap
      metadata: {name: c121}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c122}
      data:
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c123}
      data: []
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c124}
      DATA: {a: b}
      spec: 5
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {Name: c125}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: c126
        labels:
          a: 1
          b: yes
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
          name: c127
        labels: {}
      """
    And I create:
      """
      apiVersion: v1
       kind: ConfigMap
      metadata: {name: c128}
      """
    And I create:
      """
      apiVersion:v1
      kind: ConfigMap
      metadata: {name: c129}
      """
    And I run "kubectl get cm -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.labels} {.data}{end}'"
