import { podRef, specOf } from './containers.ts'

/**
 * Why a container that must not run as root cannot start; undefined: it may. Approximate: the model knows no users of images, so one that is given no user runs
 * as root.
 * Source: pkg/kubelet/kuberuntime/security_context.go (verifyRunAsNonRoot)
 */
export function rootRefusal(pod: any, name: string): string | undefined {
  const own = specOf(pod, name)?.securityContext, shared = pod.spec.securityContext
  if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return undefined
  const user: number | undefined = own?.runAsUser ?? shared?.runAsUser, of = `(pod: ${JSON.stringify(podRef(pod))}, container: ${name})`
  if (user === undefined) return `container has runAsNonRoot and image will run as root ${of}`
  return user === 0 ? `container's runAsUser breaks non-root policy ${of}` : undefined
}
