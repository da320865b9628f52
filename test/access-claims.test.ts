import { expect, it } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** `user "ana" can list pods`: who may do what, as the API server would answer. Each so, and each not so. */
const before = `Given a cluster with 1 node
    And namespace shop
    And user "ana" in groups "dev"
    And I run "kubectl create serviceaccount ci"
    And I run "kubectl create role reader --verb=get,list --resource=pods,pods/log"
    And I run "kubectl create rolebinding readers --role=reader --group=dev --serviceaccount=shop:ci"
    And I run "kubectl create clusterrole looker --verb=list --resource=nodes,configmaps"
    And I run "kubectl create clusterrolebinding lookers --clusterrole=looker --user=ana"`

it.each<readonly [steps: string, status: string]>([
  ['user "ana" can list pods', 'passed'], ['user "ana" cannot list pods', 'failed'], ['the user "ana" may get pods/log', 'passed'],
  ['user ana can get pod web', 'passed'], ['user bo can get pod web', 'undefined'], ['user "ana" can delete pod web', 'failed'], ['user "ana" can\'t delete pods', 'passed'],
  ['user "ana" can list pods in namespace default', 'failed'], ['user "ana" may not list pods in all namespaces', 'passed'],
  ['user "ana" can list configmaps in any namespace', 'passed'], ['user "ana" is allowed to list nodes', 'passed'], ['user "ana" is not allowed to list nodes', 'failed'],
  ['serviceaccount ci can list pods', 'passed'], ['serviceaccount shop/ci can list pods in namespace default', 'failed'],
  ['serviceaccount default cannot list pods', 'passed'], ['user "system:anonymous" cannot list pods', 'passed'],
  // a slip of the pen does not make a refusal
  ['user "anna" cannot delete pods', 'undefined'], ['user "ana" cannot delete podz', 'undefined'], ['user "ana" cannot read pods', 'undefined'],
  ['user "ana" cannot list pods/logs', 'undefined'], ['user "ana" cannot list nodes in namespace shop', 'undefined'],
  ['serviceaccount cii cannot list pods', 'failed'], ['user "ana" cannot list pods in namespace chop', 'failed'],
])('%s: %s', async (sentence, status) => {
  expect((await runFeature({ one: `Then ${sentence}` }, before)).statuses.one).toBe(status)
})
it('an API server that does not answer lets nobody say no', async () => {
  expect((await runFeature({ one: 'When the control plane goes down\n    Then user "ana" cannot delete pods' }, before)).statuses.one).toBe('failed')
})
