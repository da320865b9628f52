/** What etcd says of itself. Source: etcd api/v3rpc/rpctypes/error.go */
export const errors = {
  timeout: 'etcdserver: request timed out',
  timeoutLeaderFailed: 'etcdserver: request timed out, possibly due to previous leader failure',
  timeoutConnectionLost: 'etcdserver: request timed out, possibly due to connection lost',
  /** a proposal that no leader ever took: safe to send again */
  deadline: 'context deadline exceeded',
  noLeader: 'etcdserver: no leader',
  leaderChanged: 'etcdserver: leader changed',
  notForLearner: 'etcdserver: rpc not supported for learner',
  stopped: 'etcdserver: server stopped',
  noSpace: 'etcdserver: mvcc: database space exceeded',
  compacted: 'etcdserver: mvcc: required revision has been compacted',
  futureRevision: 'etcdserver: mvcc: required revision is a future revision',
} as const
