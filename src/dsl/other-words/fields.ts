import { said, type Rewriting } from './rewriting.ts'

const inContainer = '(?:(?:the )?container $V (?:of|in) )?'

/** What stands in a spec or a status and is said without its field. */
export const ofFields: readonly Rewriting[] = [
  said(`(?:the )?environment variable $V (?:of|in) ${inContainer}$K is $V`, "$3 has field .spec.containers[0].env[?(@.name=='$1')].value \"$4\""),
  said('$K has (?:the )?(?:environment variable|env var) $V (?:set to|with(?: the)? value) $V',
    "$1 has field .spec.containers[0].env[?(@.name=='$2')].value \"$3\""),
  said('$K mounts (?:the )?secret $V(?: .+)?', "$1 has field .spec.volumes[?(@.secret.secretName=='$2')]"),
  said('$K mounts (?:the )?(?:configmap|cm) $V(?: .+)?', "$1 has field .spec.volumes[?(@.configMap.name=='$2')]"),
  said('$K mounts (?:the )?(?:pvc|persistentvolumeclaim) $V(?: .+)?', "$1 has field .spec.volumes[?(@.persistentVolumeClaim.claimName=='$2')]"),
  said(`(?:the )?(liveness|startup|readiness) probe of ${inContainer}$K (?:starts failing|fails|is failing)`,
    '$3 eventually has event Unhealthy saying "$1 probe failed"'),
  said('$K has an? (readiness|liveness|startup) probe', '$1 has field .spec.containers[0].$2Probe'),
  said('$K has (?:an? |the )?init container $V', "$1 has field .spec.initContainers[?(@.name=='$2')]"),
  said('$K runs as (?:a )?non-?root(?: user)?', '$1 has field .spec.securityContext.runAsNonRoot "true"',
    '$1 has field .spec.containers[0].securityContext.runAsNonRoot "true"'),
  said('$K runs as (?:user )?(\\d+)', '$1 has field .spec.securityContext.runAsUser "$2"', '$1 has field .spec.containers[0].securityContext.runAsUser "$2"'),
  said('$K tolerates (?:the )?(?:taint )?([\\w./-]+)(?:[=:].*)?', "$1 has field .spec.tolerations[?(@.key=='$2')]"),
  said('$K (?:has|had) (?:the )?last exit code (\\d+)', '$1 has field .status.containerStatuses[0].lastState.terminated.exitCode "$2"'),
  said(`${inContainer}$K (?:was )?last terminated (?:with|for) reason $V`, '$2 has field .status.containerStatuses[0].lastState.terminated.reason "$3"'),
  said('(?:storageclass|sc) $V is the default(?: class| storageclass)?', 'storageclass $1 has annotation storageclass.kubernetes.io/is-default-class=true'),
  said('(?:resource)?quota $V (?:uses|has used) (\\d+) of \\d+ (\\w+)', 'quota $1 has field .status.used.$3 "$2"'),
  said('resource ?quota $V is exceeded', 'the last request is rejected because "exceeded quota"'),
  said('(?:crd|customresourcedefinition) $V is established', 'crd $1 has condition Established=True'),
  said('(?:the )?(?:certificate signing request|csr) $V is (approved|denied)', 'csr $1 has condition $2=True'),
  said('(job $V) (?:has )?fail(?:s|ed) (\\d+) times?', '$1 has $3 failed pods'),
  said('(job $V) (?:reaches|has reached|exceeds) (?:its|the) backoff ?limit', '$1 eventually has condition Failed=True with reason BackoffLimitExceeded'),
]

/** What is done to them, and what they do. */
export const ofDeeds: readonly Rewriting[] = [
  said('(?:hpa|horizontalpodautoscaler) $V scales (\\w+ $V) to (\\d+)(?: (?:replicas?|pods?))?((?: within .+)?)', '$2 eventually has $4 replicas$5'),
  said('(?:cronjob|cj) $V (?:creates|starts|makes) (?:a |new )?jobs? (?:every|each) .+', 'there is eventually a job of cronjob $1'),
  said('(?:i )?create (?:a )?(?:configmap|cm) $V (?:from|with) literal $V=$V', 'I run "kubectl create configmap $1 --from-literal=$2=$3"'),
  said('(?:i )?bind (?:the )?role $V to (?:the )?user $V', 'I run "kubectl create rolebinding $1 --role=$1 --user=$2"'),
  said('(?:i )?bind (?:the )?clusterrole $V to (?:the )?user $V', 'I run "kubectl create clusterrolebinding $1 --clusterrole=$1 --user=$2"'),
  said('(?:i )?(approve|deny) (?:the )?(?:certificate signing request|csr) $V', 'I run "kubectl certificate $1 $2"'),
  said('namespace $V enforces (?:the )?(restricted|baseline|privileged) (?:pod security )?(?:standard|profile|level|policy)',
    'I label namespace $1 pod-security.kubernetes.io/enforce=$2', 'namespace $1 has label pod-security.kubernetes.io/enforce=$2'),
  said('(?:i )?(?:take|make|save) a (?:snapshot|backup) of etcd (?:as|to|in) $V', 'I run "etcdctl snapshot save $1"'),
  said('etcd is backed up|(?:i )?back up etcd', 'I run "etcdctl snapshot save snap.db"'),
  said('(?:i )?restore etcd from (?:the )?(?:snapshot |backup )?$V', 'etcd is restored from snapshot "$1"'),
  said('(?:the )?network ?policy $V (?:blocks|denies|forbids) (?:traffic|requests|connections) from (pod $V) to (.+)', '$2 cannot reach $4'),
  said('(?:the )?network ?policy $V allows (?:traffic|requests|connections) from (pod $V) to (.+)', '$2 reaches $4'),
  said('$K (?:cannot|can not) connect to (.+)', '$1 cannot reach $2'),
  said('(pod $V) was preempted(?: by .+)?', '$1 has event Preempted'),
  said('(?:daemonset|ds) $V (?:has|runs) (?:one|a|1) pod (?:per|on each|on every) node', 'each node runs 1 pod of daemonset $1'),
  said('(.+?) becomes (\\w+) exactly 0 times (?:within|in|for) (.+)', '$1 never becomes $2 for $3'),
  said('((?!.*\\b(?:not|never|no)\\b).+?) before (\\d+ \\w+) (?:pass|have passed|are over)', '$1 within $2'),
  said('$K (?:is|was) (\\w+) before it (?:is|was) (\\w+)', '$1 is $2 before $1 is $3'),
  said('(?:the )?(?:kubelet|kube-scheduler|kube-controller-manager|kube-proxy)(?: on .+)? (?:has )?(?:talked|talks|called|calls)(?: to)? (?:the )?[\\w-]+',
    'no component has called another except kube-apiserver', 'only kube-apiserver has talked to etcd'),
]
