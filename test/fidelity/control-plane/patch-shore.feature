@shared-cluster
Feature: Patches that fit and patches that do not

  Scenario: JSON patches, tried here and tried by the server
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl create cm c --from-literal=a=1
      kubectl patch cm c -p '{"metadata":{"finalizers":["example.com/f"]}}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/data/nope"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/data/nope"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/nope"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/nope"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/nope/x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/nope/x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/data/nope","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/data/nope","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/nope/x","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/nope/x","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/nope","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/nope","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/nope/x","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/nope/x","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/metadata/finalizers/5","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/metadata/finalizers/5","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/metadata/finalizers/-1","value":"x.y/z"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/metadata/finalizers/-1","value":"x.y/z"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/5"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/5"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/metadata/finalizers/5","value":"a"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"/metadata/finalizers/5","value":"a"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/a","value":"9"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/a","value":"9"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/nope","value":"9"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/nope","value":"9"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/nope","value":null}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"test","path":"/data/nope","value":null}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"move","from":"/data/a","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"move","from":"/data/a","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"copy","from":"/data/a","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"copy","from":"/data/a","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"move","from":"/data/nope","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"move","from":"/data/nope","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"copy","from":"/data/nope","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"copy","from":"/data/nope","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"bad","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"bad","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"data/b","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"data/b","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"","value":{"a":1}}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"","value":{"a":1}}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"replace","path":"","value":{"a":1}}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/c~1d","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/c~1d","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/-1"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/metadata/finalizers/-1"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/data/a/b"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"remove","path":"/data/a/b"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/a/b","value":"x"}]' --dry-run=client -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=json -p '[{"op":"add","path":"/data/a/b","value":"x"}]' --dry-run=server -o jsonpath='{.data} {.metadata.finalizers}'
      kubectl patch cm c --type=merge -p '{"metadata":{"finalizers":null}}'
      """

  Scenario: What is laid over a pod that is run
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl run p --image=a --overrides='{}' --override-type=nope --dry-run=client
      kubectl run p --image=a --override-type=nope --dry-run=client
      kubectl run p --image=a --overrides='bad' --override-type=json --dry-run=client
      kubectl run p --image=a --overrides='{"a":1}' --override-type=json --dry-run=client
      kubectl run p --image=a --overrides='[{"op":"remove","path":"/spec/nope"}]' --override-type=json --dry-run=client
      kubectl run p --image=a --overrides='[{"op":"replace","path":"/spec/containers/0/image","value":"b"},{"op":"add","path":"/spec/nodeName","value":"n"}]' --override-type=json --dry-run=client -o jsonpath='{.spec}'
      kubectl run p --image=a --overrides='bad' --override-type=strategic --dry-run=client
      kubectl run p --image=a --overrides='[]' --override-type=strategic --dry-run=client
      kubectl run p --image=a --overrides='[]' --dry-run=client
      kubectl run p --image=a --overrides='{"spec":{"containers":[{"name":"other","image":"b"}]}}' --override-type=strategic --dry-run=client -o jsonpath='{.spec}'
      kubectl run p --image=a --overrides='{"spec":{"containers":[{"image":"b"}]}}' --override-type=strategic --dry-run=client -o jsonpath='{.spec}'
      kubectl run p --image=a --overrides='{"spec":{"containers":"x"}}' --dry-run=client
      kubectl run p --image=a --overrides='{"spec":{"nope":"x"}}' --dry-run=client -o jsonpath='{.spec}'
      kubectl create deployment d --image=a --validate=nope --dry-run=client
      kubectl create cm d --validate=nope
      kubectl create role r --verb=get --resource=pods
      kubectl create rolebinding rb --role=r --user=a
      kubectl set subject rolebinding rb --user=a
      kubectl set subject rolebinding rb --user=a --dry-run=client
      kubectl set subject rolebinding rb --user=a -o yaml
      """

  Scenario: What cannot be read is told beside what can
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl create cm a --from-literal=a=1
      kubectl create cm b --from-literal=b=1
      kubectl create service clusterip multi --tcp=80
      kubectl get cm --sort-by=.data
      kubectl get cm --sort-by=.metadata -o name
      kubectl get cm a --sort-by=.data
      kubectl get nodes --sort-by=.status.conditions
      kubectl get nodes --sort-by=.status.conditions -o name
      kubectl get nodes --sort-by=.status.conditions[0].status
      kubectl get sa,cm --sort-by=.data
      kubectl get cm --sort-by=[bad
      kubectl get cm -l none=such -o json --ignore-not-found
      kubectl get cm x y -o yaml
      kubectl get cm x y -o jsonpath='{.items[0].metadata.name}'
      kubectl get cm x -o yaml
      kubectl get cm a y -o name
      kubectl get cm x y -o jsonpath='{.items}'
      kubectl get cm x y -o custom-columns=A:.metadata.name
      kubectl get pods -o json --as=ana
      kubectl get pods,cm -o yaml --as=ana
      kubectl get pods -o custom-columns=A:.metadata.name --as=ana
      kubectl get pods -o jsonpath='{.items[0].metadata.name}' --as=ana
      kubectl get pods -o wide --as=ana
      kubectl get cm x y -o json --sort-by=.metadata.name
      kubectl describe svc/multi pod/none
      kubectl describe svc,pod multi
      kubectl describe svc,cm mul
      kubectl describe svc mul
      kubectl describe svc mul mul
      kubectl describe svc/mul
      kubectl describe svc/multi svc/mul
      kubectl describe cm --as=ana
      """
