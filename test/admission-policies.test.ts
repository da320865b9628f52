import { describe, expect, test } from 'vitest'
import { dedent, terminal } from './support/transcript.ts'

/** ValidatingAdmissionPolicies as a person meets them; the words are those of a 1.35.4 cluster. */
const policy = (name: string, spec: string, binding = 'validationActions: [Deny]'): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
${spec.trim().split('\n').map(l => `  ${l}`).join('\n')}
${binding && `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}}
spec: {policyName: ${name}, ${binding}}
`}`
const deployments = 'matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]}'
const configMaps = 'matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE], resources: [configmaps]}]}'
const inShop = 'matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}'

const check = (name: string, files: Readonly<Record<string, string>>, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files }).type(expected)).toBe(expected) })
}
const applied = (file: string, name: string): string => `$ kubectl apply -f ${file}
    validatingadmissionpolicy.admissionregistration.k8s.io/${name} created
    validatingadmissionpolicybinding.admissionregistration.k8s.io/${name} created
    # 1s`
const replicas = `
failurePolicy: Fail
${deployments}
variables: [{name: wanted, expression: "object.spec.replicas"}]
validations:
- {expression: "variables.wanted <= 3", messageExpression: "'at most 3 replicas, not ' + string(variables.wanted)"}
- {expression: "object.metadata.name != 'bad'", message: "no bad names", reason: Forbidden}
- {expression: "!object.metadata.name.startsWith('x')"}
- {expression: "object.metadata.labels['app'] != 'err' || object.spec.nope == 1"}`

describe('a policy refuses', () => {
  check(
    'with the message of the first validation that fails, where it is bound',
    { 'replicas.yaml': policy('replicas', replicas, `validationActions: [Deny], ${inShop}`) }, `
    $ kubectl create ns shop
    namespace/shop created
    ${applied('replicas.yaml', 'replicas')}
    $ kubectl create deployment many -n shop --image=example.com/app:1 --replicas=5
    ! error: failed to create deployment: deployments.apps "many" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: at most 3 replicas, not 5
    [1]
    $ kubectl create deployment many --image=example.com/app:1 --replicas=5
    deployment.apps/many created
    $ kubectl create deployment bad -n shop --image=example.com/app:1
    ! error: failed to create deployment: deployments.apps "bad" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: no bad names
    [1]
    $ kubectl create deployment xa -n shop --image=example.com/app:1
    ! error: failed to create deployment: deployments.apps "xa" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: failed expression: !object.metadata.name.startsWith('x')
    [1]
    $ kubectl create deployment err -n shop --image=example.com/app:1
    ! error: failed to create deployment: deployments.apps "err" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: expression 'object.metadata.labels['app'] != 'err' || object.spec.nope == 1' resulted in error: no such key: nope
    [1]
    $ kubectl create deployment few -n shop --image=example.com/app:1 --replicas=2
    deployment.apps/few created
    $ kubectl scale deployment few -n shop --replicas=4
    deployment.apps/few scaled
    $ kubectl annotate deployment few -n shop a=b
    ! The deployments "few" is invalid: : ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: at most 3 replicas, not 4
    [1]`
  )

  check('or only warns', { 'replicas.yaml': policy('replicas', replicas, 'validationActions: [Warn, Audit]') }, `
    ${applied('replicas.yaml', 'replicas')}
    $ kubectl create deployment many --image=example.com/app:1 --replicas=5
    deployment.apps/many created
    ! Warning: Validation failed for ValidatingAdmissionPolicy 'replicas' with binding 'replicas': at most 3 replicas, not 5`)

  check('what its conditions and selectors leave to it, deletions too', {
    'keep.yaml': policy(
      'keep',
      `${configMaps.replace('resources: [configmaps]}]', 'resources: [configmaps]}], objectSelector: {matchLabels: {check: "yes"}}')}\nmatchConditions: [{name: deletes, expression: "request.operation == 'DELETE'"}]\nvalidations: [{expression: "oldObject.metadata.name != 'keep'", message: kept}]`
    ),
    'keep-cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: keep, labels: {check: "yes"}}\n',
  }, `
    ${applied('keep.yaml', 'keep')}
    $ kubectl create -f keep-cm.yaml
    configmap/keep created
    $ kubectl delete configmap keep
    ! The configmaps "keep" is invalid: : ValidatingAdmissionPolicy 'keep' with binding 'keep' denied request: kept
    [1]
    $ kubectl label configmap keep check-
    configmap/keep unlabeled
    $ kubectl delete configmap keep
    configmap "keep" deleted from default namespace`)

  const failing = (failurePolicy: string): string =>
    policy('failing', `failurePolicy: ${failurePolicy}\n${configMaps}\nvalidations: [{expression: "object.spec.nope == 1"}]`)
  check('what it cannot judge, unless it fails open', { 'fail.yaml': failing('Fail'), 'ignore.yaml': failing('Ignore') }, `
    ${applied('fail.yaml', 'failing')}
    $ kubectl create configmap a
    ! error: failed to create configmap: configmaps "a" is forbidden: ValidatingAdmissionPolicy 'failing' with binding 'failing' denied request: expression 'object.spec.nope == 1' resulted in error: no such key: spec
    [1]
    $ kubectl apply -f ignore.yaml
    validatingadmissionpolicy.admissionregistration.k8s.io/failing configured
    validatingadmissionpolicybinding.admissionregistration.k8s.io/failing unchanged
    # 1s
    $ kubectl create configmap a
    configmap/a created`)
})

describe('parameters, users and rights', () => {
  const params = policy('params', `
paramKind: {apiVersion: v1, kind: ConfigMap}
matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}]}
variables: [{name: limit, expression: "int(params.data.max)"}, {name: bad, expression: "object.spec.x"}]
validations:
- {expression: "size(object.data) <= variables.limit", message: too many keys}
- {expression: "request.operation == 'CREATE' && namespaceObject.metadata.name == 'default'", message: "only new ones"}
- {expression: "object.metadata.name != 'vb' || variables.bad == 1"}
- {expression: "authorizer.group('').resource('pods').namespace('default').check('get').allowed()", message: "may not read pods"}`, 'validationActions: [Deny], paramRef: {name: limits, parameterNotFoundAction: Deny}')
  check('come from objects of the cluster', { 'params.yaml': params }, `
    $ kubectl create configmap limits --from-literal=max=2
    configmap/limits created
    ${applied('params.yaml', 'params')}
    $ kubectl create secret generic a --from-literal=a=1
    secret/a created
    $ kubectl create secret generic b --from-literal=a=1 --from-literal=b=1 --from-literal=c=1
    ! error: failed to create secret secrets "b" is forbidden: ValidatingAdmissionPolicy 'params' with binding 'params' denied request: too many keys
    [1]
    $ kubectl create secret generic vb --from-literal=a=1
    ! error: failed to create secret secrets "vb" is forbidden: ValidatingAdmissionPolicy 'params' with binding 'params' denied request: expression 'object.metadata.name != 'vb' || variables.bad == 1' resulted in error: composited variable "bad" fails to evaluate: no such key: spec
    [1]
    $ kubectl patch secret a -p '{"data":{"b":"MQ=="}}'
    ! The secrets "a" is invalid: : ValidatingAdmissionPolicy 'params' with binding 'params' denied request: only new ones
    [1]
    $ kubectl create role maker --verb=create --resource=secrets
    role.rbac.authorization.k8s.io/maker created
    $ kubectl create rolebinding maker --role=maker --user=eve
    rolebinding.rbac.authorization.k8s.io/maker created
    $ kubectl create secret generic d --from-literal=a=1 --as=eve
    ! error: failed to create secret secrets "d" is forbidden: ValidatingAdmissionPolicy 'params' with binding 'params' denied request: may not read pods
    [1]
    $ kubectl delete configmap limits
    configmap "limits" deleted from default namespace
    $ kubectl create secret generic z --from-literal=a=1
    ! error: failed to create secret secrets "z" is forbidden: ValidatingAdmissionPolicy 'params' with binding 'params' denied request: failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction
    [1]`)
  check(
    'of a kind that nobody serves',
    {
      'foo.yaml': policy(
        'foo', `paramKind: {apiVersion: foo.example.com/v1, kind: Foo}\n${configMaps}\nvalidations: [{expression: "params.x == 1"}]`,
        'validationActions: [Deny], paramRef: {name: x, parameterNotFoundAction: Deny}'
      ),
    },
    `
    ${applied('foo.yaml', 'foo')}
    $ kubectl create configmap a
    ! error: failed to create configmap: configmaps "a" is forbidden: ValidatingAdmissionPolicy 'foo' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'foo.example.com/v1, Kind=Foo'
    [1]`
  )
})

describe('mistakes in expressions', () => {
  check('are refused where they can never be right', {
    'broken.yaml': policy(
      'broken',
      `${deployments}\nvalidations:\n- {expression: "object.spec.replicas <"}\n- {expression: "foo.bar == 1"}\n- {expression: "object.spec.replicas"}\n- {expression: "object.spec.replicas > 1", messageExpression: "1"}\n- {expression: "params.x == 1"}`,
      ''
    ),
  }, `
    $ kubectl apply -f broken.yaml
    ! The ValidatingAdmissionPolicy "broken" is invalid:
    ! * spec.validations[0].expression: Invalid value: "object.spec.replicas <": compilation failed: ERROR: <input>:1:23: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}
    !  | object.spec.replicas <
    !  | ......................^
    ! * spec.validations[1].expression: Invalid value: "foo.bar == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')
    !  | foo.bar == 1
    !  | ^
    ! * spec.validations[2].expression: Invalid value: "object.spec.replicas": must evaluate to bool but got dyn
    ! * spec.validations[3].messageExpression: Invalid value: "1": must evaluate to string but got int
    ! * spec.validations[4].expression: Invalid value: "params.x == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')
    !  | params.x == 1
    !  | ^
    [1]`)
  check(
    'and told in the status where they cannot be right of a kind',
    { 'typed.yaml': policy('typed', `${deployments}\nvalidations: [{expression: "object.spec.nope > 1"}, {expression: "object.spec.replicas > 1"}]`, '') }, `
    $ kubectl apply -f typed.yaml
    validatingadmissionpolicy.admissionregistration.k8s.io/typed created
    # 1s
    $ kubectl get validatingadmissionpolicy typed -o jsonpath='{.status.observedGeneration} {.status.typeChecking.expressionWarnings[*].fieldRef} {.status.typeChecking.expressionWarnings[0].warning}'
    1 spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'nope'
     | object.spec.nope > 1
     | ...........^`
  )
})
