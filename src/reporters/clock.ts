export { moment, plural, span } from '../base/clock.ts'
