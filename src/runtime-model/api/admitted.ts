const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * A pod as whoever made it wrote it, without what admission adds to every one: the account with its token, its priority, how long it stays on nodes in trouble.
 * Approximate: what a template says in the same words is taken for admission's too. For entries of managedFields of the cluster's own components, whose objects
 * are kept only as they were stored. Source: managedFields of pods in a 1.35.4 cluster; plugin/pkg/admission/{serviceaccount,priority,
 * defaulttolerationseconds}.
 */
export function withoutAdmitted(object: any): any {
  if (object.kind !== 'Pod') return object
  const { serviceAccountName, serviceAccount, priority, preemptionPolicy, priorityClassName, tolerations, volumes, initContainers, ...spec } = object.spec
  return {
    ...object, spec: {
      ...spec, containers: spec.containers.map(withoutToken), ...initContainers ? { initContainers: initContainers.map(withoutToken) } : undefined,
      ...serviceAccountName === 'default' ? undefined : { serviceAccountName, serviceAccount },
      ...priorityClassName === undefined ? undefined : { priorityClassName },
      ...some('tolerations', tolerations?.filter((t: any) => !isDefault(t))), ...some('volumes', volumes?.filter((v: any) => !isToken(v))),
    },
  }
}
const some = (name: string, list: readonly any[] | undefined): object | undefined => list && list.length > 0 ? { [name]: list } : undefined
const isToken = ({ name, projected }: any): boolean => projected !== undefined && name.startsWith('kube-api-access-')
const isDefault = ({ key, operator, effect, tolerationSeconds }: any): boolean =>
  /^node\.kubernetes\.io\/(not-ready|unreachable)$/.test(key ?? '') && operator === 'Exists' && effect === 'NoExecute' && tolerationSeconds === 300
function withoutToken({ volumeMounts, ...container }: any): any {
  return { ...container, ...some('volumeMounts', volumeMounts?.filter((m: any) => m.mountPath !== tokenPath)) }
}
