@extending
Feature: What a schema promises
  The schema of a CustomResourceDefinition is the contract of its objects: the API server fills in, takes out and refuses by it,
  so that no controller ever meets an object that is not what it expects.

  Background:
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True

  Scenario: Defaults are filled in
    When I apply "manifests/summer.yaml"
    Then discount summer has field .spec.vouchers "100"
    And discount summer has field .spec.section "fiction"

  Scenario Outline: A value that is not allowed is refused, and says where
    When I create:
      """
      apiVersion: bookstore.example.com/v1
      kind: Discount
      metadata: { name: wrong }
      spec: <spec>
      """
    Then the last command fails
    And the last request is rejected with 422 Invalid
    And the last command prints "<says>"

    Examples:
      | spec                             | says                                                                                                  |
      | { percent: 95 }                  | spec.percent in body should be less than or equal to 90                                               |
      | { percent: "20" }                | spec.percent in body must be of type integer                                                          |
      | { code: BEACH }                  | spec.percent: Required value                                                                          |
      | { percent: 20, section: poetry } | spec.section: Unsupported value: \"poetry\": supported values: \"fiction\", \"science\", \"children\" |
      | { percent: 20, code: beach }     | spec.code in body should match '^[A-Z]{4,8}$'                                                         |
      | { percent: 60, vouchers: 500 }   | spec: Invalid value: more than half off is for at most 100 vouchers                                   |

  Scenario: kubectl asks for strict fields, so a typing error is told
    When I create:
      """
      apiVersion: bookstore.example.com/v1
      kind: Discount
      metadata: { name: typo }
      spec: { percent: 20, voucher: 5 }
      """
    Then the last command fails
    And the last command prints "strict decoding error: unknown field \"spec.voucher\""

  Scenario: A client that does not ask loses the field without a word
    When I run:
      """
      kubectl create --validate=false -f manifests/typo.yaml
      """
    Then discount typo is present
    And discount typo has no field .spec.voucher

  Scenario: A rule may compare with what was there before
    Given the manifest "manifests/summer.yaml" is applied
    When I run "kubectl patch discount summer --type=merge -p '{\"spec\":{\"code\":\"OTHER\"}}'"
    Then the last command fails
    And the last command prints "spec.code: Forbidden: a code that was printed stays"
    And discount summer has field .spec.code "BEACH"

  Scenario: A definition whose rules cannot be right never gets in
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: { name: shelves.bookstore.example.com }
      spec:
        group: bookstore.example.com
        scope: Cluster
        names: { plural: shelves, kind: Shelf }
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties: { boards: { type: integer } }
                    x-kubernetes-validations: [{ rule: "self.board > 0" }]
      """
    Then the last command fails
    And the last command prints "compilation failed: ERROR: <input>:1:5: undefined field 'board'"
    And crd shelves.bookstore.example.com is absent

  Scenario: Two people may own parts of one object
    Given the manifest "manifests/summer.yaml" is applied
    When I run "kubectl apply --server-side --field-manager=press -f manifests/summer-percent.yaml"
    Then the last command fails
    And the last command prints "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using bookstore.example.com/v1: .spec.percent"
