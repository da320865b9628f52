@extending
Feature: Kinds of one's own
  A CustomResourceDefinition teaches the API server a kind. From then on its objects are stored, listed, printed, watched and
  protected like all others, although no controller does anything about them.

  Scenario: Before there is a definition nobody knows the kind
    Given a cluster
    When I apply "manifests/summer.yaml"
    Then the last command fails
    And the last command prints "no matches for kind \"Discount\" in version \"bookstore.example.com/v1\""
    And the last command prints "ensure CRDs are installed first"

  Scenario: The names are accepted, then the kind is established
    Given a cluster
    When I apply "manifests/discount-crd.yaml"
    Then customresourcedefinition discounts.bookstore.example.com eventually has condition NamesAccepted=True with reason NoConflicts
    And customresourcedefinition discounts.bookstore.example.com eventually has condition Established=True

  Scenario: Its objects are objects like all others
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    When I apply "manifests/summer.yaml"
    Then the last command prints "discount.bookstore.example.com/summer created"
    And discount summer has label season=summer
    And discount summer has field .metadata.generation "1"
    And the request "create discount summer" passed: authentication, authorization, mutating admission, validation, validating admission, storage
    And only kube-apiserver has talked to etcd

  Scenario: Printed in columns of its own
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And the manifest "manifests/summer.yaml" is applied
    When I run "kubectl get disc"
    Then the last command prints:
      """
      NAME     PERCENT   VOUCHERS   STATE
      summer   20        100
      """

  Scenario: No controller does anything about it
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And the manifest "manifests/summer.yaml" is applied
    When I run "kubectl patch discount summer --type=merge -p '{\"spec\":{\"percent\":50}}'"
    Then discount summer has field .spec.percent "50"
    And discount summer always has no field .status for 1h

  Scenario: The status is another door
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And the manifest "manifests/summer.yaml" is applied
    When I run "kubectl patch discount summer --subresource=status --type=merge -p '{\"status\":{\"state\":\"printed\",\"printed\":100},\"spec\":{\"percent\":50}}'"
    Then discount summer has field .status.state "printed"
    And discount summer has field .spec.percent "20"
    And discount summer has field .metadata.generation "1"

  Scenario: What has replicas can be scaled
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And the manifest "manifests/summer.yaml" is applied
    When I run "kubectl scale discount summer --replicas=30"
    Then discount summer has field .spec.vouchers "30"
    And discount summer has field .metadata.generation "2"

  Scenario: What a custom object owns goes with it
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And I apply "manifests/summer.yaml" as "summer"
    And I run "kubectl create configmap poster --from-literal=text=sale"
    And I run "kubectl patch configmap poster --type=merge -p '{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"bookstore.example.com/v1\",\"kind\":\"Discount\",\"name\":\"summer\",\"uid\":\"${summer.metadata.uid}\"}]}}'"
    And configmap poster is owned by discount summer
    When I run "kubectl delete discount summer"
    Then configmap poster is eventually gone

  Scenario: The rights to it are rights like all others
    Given a cluster
    And user "ana"
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    When I run "kubectl create role clerk --verb=get,list,create --resource=discounts.bookstore.example.com"
    And I run "kubectl create rolebinding clerk --role=clerk --user=ana"
    And as user "ana" I apply "manifests/summer.yaml"
    Then the last command succeeds
    And discount summer is present

  Scenario: The definition takes all of its objects along
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And the manifest "manifests/summer.yaml" is applied
    And discount.bookstore.example.com summer is present
    When I run "kubectl delete crd discounts.bookstore.example.com"
    Then the last command succeeds
    And crd discounts.bookstore.example.com is gone

  Scenario: A namespace takes its custom objects along
    Given a cluster
    And the manifest "manifests/discount-crd.yaml" is applied
    And crd discounts.bookstore.example.com has condition Established=True
    And namespace bookstore
    And the manifest "manifests/summer.yaml" is applied
    And discount summer in namespace bookstore is present
    When I run "kubectl delete namespace bookstore"
    Then discount summer in namespace bookstore is gone
