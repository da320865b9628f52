import { expect, test } from 'vitest'
import { dedent, terminal } from './support/transcript.ts'

/** Whom a request is to be taken for, and who may say so; a bootstrap token names somebody who is no administrator. The words were seen on a 1.35.4 API server. */
const files = {
  'rights.yaml': `
apiVersion: v1
kind: Secret
metadata: { name: bootstrap-token-abcdef, namespace: kube-system }
type: bootstrap.kubernetes.io/token
stringData: { token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-authentication: "true" }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: impersonator }
rules:
- { apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [ana] }
- { apiGroups: [""], resources: [groups], verbs: [impersonate], resourceNames: [ops] }
- { apiGroups: [authentication.k8s.io], resources: [userextras/scopes], verbs: [impersonate], resourceNames: [view] }
- { apiGroups: [authentication.k8s.io], resources: [uids], verbs: [impersonate], resourceNames: ["7"] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: impersonator }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: impersonator }
subjects: [{ kind: Group, name: system:bootstrappers, apiGroup: rbac.authorization.k8s.io }]
`,
  'ca.crt': 'PEM\n',
}
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files }).type(expected)).toBe(expected) })
}

check('who has a token is whom it names, unless a certificate says who it is', `
  $ kubectl apply -f rights.yaml
  secret/bootstrap-token-abcdef created
  clusterrole.rbac.authorization.k8s.io/impersonator created
  clusterrolebinding.rbac.authorization.k8s.io/impersonator created
  $ kubectl config set-credentials kim --token=nobodys
  User "kim" set.
  # 1s
  $ kubectl auth whoami --user=kim --token=abcdef.0123456789abcdef
  ATTRIBUTE   VALUE
  Username    system:bootstrap:abcdef
  Groups      [system:bootstrappers system:authenticated]
  $ kubectl get pods --user=kim
  ! error: You must be logged in to the server (Unauthorized)
  [1]
  $ kubectl get pods --user=kim --username=a --password=b
  ! error: more than one authentication method found for kim; found [token basicAuth], only one is allowed
  [1]
  $ kubectl auth whoami --token=nobodys
  ATTRIBUTE   VALUE
  Username    kubernetes-admin
  Groups      [system:masters system:authenticated]
  $ kubectl get pods --user=kim --token=eyJhbGciOiJSUzI1NiJ9.e30.x
  ! NotModelled: whose token user kim of the kubeconfig has
  [2]`)

check('each thing that somebody is to be taken for is a right of its own', `
  $ kubectl apply -f rights.yaml
  secret/bootstrap-token-abcdef created
  clusterrole.rbac.authorization.k8s.io/impersonator created
  clusterrolebinding.rbac.authorization.k8s.io/impersonator created
  $ kubectl config set-credentials kim --token=abcdef.0123456789abcdef
  User "kim" set.
  # 1s
  $ kubectl auth whoami --user=kim --as=ana --as-group=ops --as-uid=7 --as-user-extra=Scopes=view
  ATTRIBUTE       VALUE
  Username        ana
  UID             7
  Groups          [ops system:authenticated]
  Extra: scopes   [view]
  $ kubectl get pods --user=kim --as=ana --as-uid=7
  ! Error from server (Forbidden): pods is forbidden: User "ana" cannot list resource "pods" in API group "" in the namespace "default"
  [1]
  $ kubectl get pods --user=kim --as=bob
  ! Error from server (Forbidden): users "bob" is forbidden: User "system:bootstrap:abcdef" cannot impersonate resource "users" in API group "" at the cluster scope
  [1]
  $ kubectl get pods --user=kim --as=ana --as-group=dev
  ! Error from server (Forbidden): groups "dev" is forbidden: User "system:bootstrap:abcdef" cannot impersonate resource "groups" in API group "" at the cluster scope
  [1]
  $ kubectl get pods --user=kim --as=ana --as-uid=8
  ! Error from server (Forbidden): uids.authentication.k8s.io "8" is forbidden: User "system:bootstrap:abcdef" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope
  [1]
  $ kubectl get pods --user=kim --as=ana --as-user-extra=scopes=edit --as-uid=8
  ! Error from server (Forbidden): userextras.authentication.k8s.io "edit" is forbidden: User "system:bootstrap:abcdef" cannot impersonate resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope
  [1]
  $ kubectl get pods --user=kim --as=ana --as-user-extra=other=view
  ! Error from server (Forbidden): userextras.authentication.k8s.io "view" is forbidden: User "system:bootstrap:abcdef" cannot impersonate resource "userextras/other" in API group "authentication.k8s.io" at the cluster scope
  [1]`)

check('a kubeconfig is shown as it stands, but for certificates that nobody has seen', `
  $ kubectl config set-credentials kim --token=secret
  User "kim" set.
  $ kubectl config view -o jsonpath='{.users[?(@.name=="kim")].user.token}'
  REDACTED
  $ kubectl config view --raw -o jsonpath='{.users[?(@.name=="kim")].user.token}'
  secret
  $ kubectl config view --raw -o go-template='{{range .users}}{{.name}} {{end}}'
  kim kubernetes-admin
  $ kubectl config view --raw
  ! NotModelled: kubectl config view: what certificate-authority-data holds; there are no certificates to show
  [2]
  $ kubectl config set-cluster lab --server=https://1.1.1.1:6443 --certificate-authority=ca.crt
  Cluster "lab" set.
  $ kubectl config view --flatten -o jsonpath='{.clusters[?(@.name=="lab")].cluster.certificate-authority-data}'
  UEVNCg==
  $ kubectl config set-cluster lost --server=https://1.1.1.1:6443 --certificate-authority=none.crt
  Cluster "lost" set.
  $ kubectl config view --flatten -o jsonpath='{.clusters[*].name}'
  ! error: open $HOME/none.crt: no such file or directory
  [1]`)
