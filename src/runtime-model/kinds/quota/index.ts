export { quotaMatches } from './scopes.ts'
export { computeUsage, matchingResources, quotaUsage, sumUsage } from './usage.ts'
