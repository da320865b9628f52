import { Given } from '@cucumber/cucumber'

// steps in Cucumber's own way go beside the others, and share the scenario's cluster
Given('{int} books in stock', async function (count) {
  await this.kscenario.cluster().create({ kind: 'ConfigMap', metadata: { name: 'stock' }, data: { books: String(count) } })
})
