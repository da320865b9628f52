/** Kinds that every cluster serves: kinds and plurals as one writes them, and kubectl's short names. Used where no list is given. */
const plurals = [
  'pods',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'services',
  'endpoints',
  'endpointslices',
  'ingresses',
  'ingressclasses',
  'networkpolicies',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'namespaces',
  'nodes',
  'events',
  'leases',
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses',
  'volumeattachments',
  'csidrivers',
  'csinodes',
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
  'resourcequotas',
  'limitranges',
  'priorityclasses',
  'poddisruptionbudgets',
  'horizontalpodautoscalers',
  'replicationcontrollers',
  'podtemplates',
  'runtimeclasses',
  'customresourcedefinitions',
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'apiservices',
  'certificatesigningrequests',
  'controllerrevisions',
]
const shortNames = [
  'po',
  'deploy',
  'rs',
  'sts',
  'ds',
  'cj',
  'svc',
  'ep',
  'ing',
  'netpol',
  'cm',
  'sa',
  'ns',
  'no',
  'ev',
  'pv',
  'pvc',
  'sc',
  'quota',
  'limits',
  'pc',
  'pdb',
  'hpa',
  'rc',
  'crd',
  'crds',
  'csr',
]
const singularOf = (plural: string): string =>
  plural === 'endpoints'
    ? plural
    : plural.endsWith('ies')
      ? `${plural.slice(0, -3)}y`
      : /(?:ss|x|ch)es$/.test(plural)
        ? plural.slice(0, -2)
        : plural.slice(0, -1)

export const kindWords: readonly string[] = [...plurals.map(singularOf), ...plurals, ...shortNames]
const known = new Set(kindWords)

export const isKnownKind = (word: string): boolean => known.has(word.toLowerCase())

/** A kind word that speaks of several objects: `pods`, not `ingress` or `sts`. */
export const isPlural = (word: string): boolean => {
  const lower = word.toLowerCase().split('.')[0]
  return lower.length > 3 && lower.endsWith('s') && !lower.endsWith('ss') && lower !== 'limits'
}
