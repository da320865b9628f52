/** One of several machines that share a suite: `index` from 1. */
export interface Shard { readonly index: number; readonly of: number }

/** Scenarios are dealt in turn, so that neighbours, which cost about the same, go to different machines. `position` from 0. */
export const isOf = ({ index, of }: Shard, position: number): boolean => position % of === index - 1
