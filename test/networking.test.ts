import { scenarioLaws } from './support/scenario-laws.ts'

scenarioLaws('scenarios/networking')
scenarioLaws('scenarios/ingress')
