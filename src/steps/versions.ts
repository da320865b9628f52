import type { StepOutcome } from '../extension.ts'

/** Minor versions whose API servers the model knows, the oldest first; the last one is what a cluster has unless told otherwise. */
export const knownVersions = ['1.33', '1.34', '1.35'] as const
export const usualVersion = knownVersions.at(-1)!

export const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1])

/** Why a text names no version at all; undefined: it does, or nothing was said. */
export const versionProblem = (text: string | undefined): string | undefined =>
  text === undefined || /^v?1\.\d+(\.\d+)?$/.test(text) ? undefined : `${text} is no version of Kubernetes: write 1.35 or 1.35.4`

const thereAre = `there are ${knownVersions.join(', ')}`
/** A control plane that is run by a version of which the model knows nothing would behave like one of 1.35. */
export function controlPlaneProblem(version: string): StepOutcome {
  const wrong = versionProblem(version)
  if (wrong !== undefined) return { cannotRun: wrong }
  return knownVersions.some(known => minorOf(known) === minorOf(version)) ? undefined : { notModelled: `Kubernetes ${version} (${thereAre})` }
}
/** Kubelets may be older than that, and not newer. Source: https://kubernetes.io/releases/version-skew-policy/#kubelet. */
export function kubeletProblem(version: string): StepOutcome {
  const wrong = versionProblem(version)
  if (wrong !== undefined) return { cannotRun: wrong }
  return minorOf(version) > minorOf(usualVersion) ? { notModelled: `a kubelet of ${version} (${thereAre})` } : undefined
}
