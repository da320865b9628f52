/**
 * Waits that double, one for each key, and begin anew after a long rest. Source: k8s.io/client-go util/flowcontrol/backoff.go; limits:
 * pkg/kubelet/kubelet.go (MaxContainerBackOff, backOffPeriod).
 */
export interface Backoff { readonly ms: number; /** clock ms of the last `next` */ readonly at: number }

const firstMs = 10_000, mostMs = 300_000, restMs = 600_000
const expired = (entry: Backoff, eventMs: number): boolean => eventMs - entry.at > restMs

/** Is it too soon, counted from `eventMs` (the end of a container, the last failed pull)? */
export const inBackoff = (entry: Backoff | undefined, eventMs: number, nowMs: number): entry is Backoff =>
  entry !== undefined && !expired(entry, eventMs) && nowMs - eventMs < entry.ms

export function nextBackoff(entry: Backoff | undefined, eventMs: number, nowMs: number): Backoff {
  return { ms: entry === undefined || expired(entry, eventMs) ? firstMs : Math.min(mostMs, entry.ms * 2), at: nowMs }
}
