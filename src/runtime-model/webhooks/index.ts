export { webhookServer } from './webhook.ts'
