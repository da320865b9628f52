import { scenarioLaws } from './support/scenario-laws.ts'

for (const topic of ['admission', 'access', 'etcd', 'upgrade']) scenarioLaws(`scenarios/${topic}`)
