import { defineAdmissionPlugin, defineConfig, defineFault, defineSchedulerPlugin, refuse, rejection, step } from 'kscenario'

// An admission plugin: who runs this platform wants every pod to name its team.
const teams = defineAdmissionPlugin({
  name: 'TeamLabel', operations: ['CREATE'], resources: ['pods'],
  // `pods/binding` is a create as well: the scheduler's
  validate: request => request.subresource || request.namespace === 'kube-system' || request.object.metadata.labels?.team ? undefined : refuse(request, 'every pod needs a team'),
})

// A scheduler plugin: pods of a team go to the nodes of the team.
const elsewhere = rejection('TeamNodes', true, 'node(s) belonged to another team')
const teamNodes = defineSchedulerPlugin({
  name: 'TeamNodes',
  preFilter({ pod }) {
    const team = pod.pod.metadata.labels?.team
    return team ? { filter: node => [undefined, team].includes(node.node.metadata.labels?.team) ? undefined : elsewhere } : 'skip'
  },
  source: 'this file',
})

// A fault, and the sentences that bring it about and mend it.
const budgetCut = defineFault({
  id: 'budget-cut', doc: 'The team loses a node.', parameters: { node: 'its name' }, example: { node: 'worker-1' }, target: ({ node }) => `node ${node}`,
  inject: (cluster, args) => cluster.inject('node-down', args),
  heal: (cluster, args) => cluster.heal('node-down', args),
})
const cut = step('finance takes node {node} away', { kind: 'fault' }, (cluster, node) => cluster.inject('budget-cut', { node }))
const given = step('finance gives node {node} back', { kind: 'fault' }, (cluster, node) => { if (!cluster.heal('budget-cut', { node })) cluster.fail(`${node} was never away`) })

export default defineConfig({ paths: ['features'], admissionPlugins: [teams], schedulerPlugins: [teamNodes], faults: [budgetCut], steps: [cut, given] })
