import { parameterType, Given, step, Then } from 'kscenario'

parameterType({ name: 'shelf', regexp: /fiction|science|travel/, transform: name => ({ name, label: `shelf=${name}` }) })

Given('a bookstore with {int} shelves of {shelf}', { doc: 'A deployment that serves the books of a shelf.' }, async (cluster, copies, shelf) => {
  const labels = { app: 'bookstore', shelf: shelf.name }
  await cluster.create({
    kind: 'Deployment', metadata: { name: shelf.name, labels },
    spec: { replicas: copies, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'shelf', image: 'bookstore/shelf:1' }] } } },
  } as never)
})

// {subject} is any object that the language can name; `cluster.until` lets virtual time run
step('{subject} is back within {duration}', async (cluster, subject, within) => {
  const ready = () => (cluster.stored(subject)?.status?.readyReplicas ?? 0) >= cluster.stored(subject)?.spec.replicas
  const began = cluster.now
  if (!await cluster.until(ready, within)) cluster.fail(`${subject.label} has ${cluster.stored(subject)?.status?.readyReplicas ?? 0} of ${cluster.stored(subject)?.spec.replicas} replicas ready after ${(cluster.now - began) / 1000}s`)
})

Then('the shelves have these books:', async cluster => {
  for (const [shelf, copies] of cluster.table!.slice(1)) {
    const pods = await cluster.list('Pod', { labelSelector: `shelf=${shelf}` })
    if (pods.length !== Number(copies)) throw new Error(`${shelf}: ${copies} expected, ${pods.length} found`)
  }
})
