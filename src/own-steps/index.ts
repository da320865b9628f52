export { definitionOf } from './definition.ts'
export { compile, withOwnSteps } from './parser.ts'
