export * from './gherkin-document.ts'
export { parseDocument, type ParsedDocument } from './parse-document.ts'
export { pickles } from './pickles.ts'
export {
  createStepParser,
  type ParsedStep,
  type PredicateDeclaration,
  type StepDeclaration,
  type StepLanguage,
  type StepParser,
} from './parse-step.ts'
export { bind, bindFeature, runnable, type BoundScenario, type BoundStep, type KeywordType, type Plan } from './bind.ts'
export { checks, type Check } from './checks/index.ts'
export type { ParameterType, PhraseDeclaration, StepKind } from './phrase-declaration.ts'
