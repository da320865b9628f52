import { PersistentMap } from '../../base/persistent-map.ts'
import type { KubeObject } from '../api/request.ts'
import type { ControllerEffect, Memory, View } from './controller.ts'
import { keyOf } from './controller.ts'

/**
 * What a controller has asked for and not yet seen in its cache; until then it does not count again. Kept in the memory's
 * map `expectations`. Source: pkg/controller/controller_utils.go (ControllerExpectations, UIDTrackingControllerExpectations).
 */
export interface Expected { readonly creations: number; readonly deletions: readonly string[]; readonly atMs: number }
type Remember = Extract<ControllerEffect, { do: 'remember' }>
const timeoutMs = 300_000
const mapOf = (memory: Memory): PersistentMap<Expected> => memory.expectations
export const expectationsMemory = (): Memory => ({ forkable: true, expectations: new PersistentMap<Expected>() })

/** Nothing is awaited any more, or for longer than five minutes. */
export function satisfied(view: View, key: string): boolean {
  const expected = mapOf(view.memory).get(key)
  return expected === undefined || expected.creations <= 0 && expected.deletions.length === 0 || view.now - expected.atMs > timeoutMs
}
export const expectCreations = (key: string, creations: number, now: number): Remember => remember(key, { creations, deletions: [], atMs: now })
export const expectDeletions = (key: string, pods: readonly KubeObject[], now: number): Remember =>
  remember(key, { creations: 0, deletions: pods.map(keyOf), atMs: now })
export const forgetExpectations = (key: string): Remember => ({ do: 'remember', in: 'expectations', key, value: undefined })
const remember = (key: string, value: Expected): Remember => ({ do: 'remember', in: 'expectations', key, value })

/** For `toKeys`: a pod of `key` appeared, or is going; the memory changes in place. */
export function creationObserved(memory: Memory, key: string, count = 1): void {
  const expected = mapOf(memory).get(key)
  if (expected && expected.creations > 0) mapOf(memory).set(key, { ...expected, creations: expected.creations - count })
}
export function deletionObserved(memory: Memory, key: string, pod: KubeObject): void {
  const expected = mapOf(memory).get(key), name = keyOf(pod)
  if (expected?.deletions.includes(name)) mapOf(memory).set(key, { ...expected, deletions: expected.deletions.filter(d => d !== name) })
}
/** Requests that failed will never be seen: takes them off what is awaited now. */
export function lowerExpectations(view: View, key: string, by: { readonly creations?: number; readonly deletion?: KubeObject }): Remember {
  const expected = mapOf(view.memory).get(key) ?? { creations: 0, deletions: [], atMs: view.now }, gone = by.deletion && keyOf(by.deletion)
  return remember(key, { ...expected, creations: Math.max(0, expected.creations - (by.creations ?? 0)), deletions: expected.deletions.filter(d => d !== gone) })
}
