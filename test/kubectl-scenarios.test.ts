import { scenarioLaws } from './support/scenario-laws.ts'

scenarioLaws('scenarios/kubectl')
