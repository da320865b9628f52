export { etcdMember } from './member.ts'
export { committedView } from './view.ts'
export type { Keyspace } from './keyspace.ts'
export type { MemberOptions, MemberState } from './state.ts'
