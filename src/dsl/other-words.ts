/**
 * Sentences of everyday speech that are not read, because they say less or something other than they seem to, and how what they mostly mean is said
 * here. A suggestion is shown only if it is understood, so that none can grow stale. `$K` stands for a kind and a name, `$S` for any subject.
 */
const parts: Readonly<Record<string, string>> = {
  $K: '((?:the )?[A-Za-z.]+[ /]"?[a-z0-9][\\w./-]*"?(?: in namespace [\\w-]+)?)', $N: '(?:the )?(?:node )?([a-z0-9][\\w.-]*)', $S: '(.+?)', $Q: '("[^"]*")',
  $V: '"?([\\w.:/-]+)"?',
}
type Rewriting = readonly [pattern: RegExp, ...instead: readonly string[]]
const said = (pattern: string, ...instead: readonly string[]): Rewriting =>
  [new RegExp(`^${pattern.replace(/\$[KNSQV]/g, part => parts[part])}$`, 'i'), ...instead]
const component = 'api[- ]?server|kube-apiserver|scheduler|kube-scheduler|controller[- ]manager|kube-controller-manager|control plane|etcd'
const be = '(?:is|are|be|was|were|becomes?|gets?)'

const sets: readonly Rewriting[] = [
  said(`not (?:all|every) (?:of )?(?:the )?$S ${be} (.+)`, 'at least 1 $1 is not $2'),
  said('(?:there (?:is|are) )?(no|an?|one) ([a-z]+) (?:called|named) $V', 'there is $1 $2 $3'),
  said('([a-z]+) (?:called|named) $V (.+)', '$1 $2 $3'),
  said('node $N (?:has|runs|hosts|contains) no (?:running )?pods?(?: on it)?', 'there are no pods on node $1'),
  said('(?:each|every) node (?:has|runs) ((?:at least |at most |exactly )?\\d+) pods?', 'there are $1 pods on node worker-1'),
  said(`node $N ${be} empty`, 'there are no pods on node $1'),
  said('node $N (?:has|runs|hosts|contains) ((?:at least |at most |exactly |more than )?\\d+) (?:running )?pods?', 'there are $2 pods on node $1'),
  said('$K (?:has|have|owns?) ((?:at least |at most |exactly |more than )?\\d+) (replicasets?|jobs?|persistentvolumeclaims?|pvcs?|endpointslices?)',
    'there are $2 $3 of $1'),
  said('(?:cronjob|cj) $V (?:has )?created ((?:at least |at most )?\\d+) jobs?', 'there are $2 jobs of cronjob $1'),
  said('(?:no two|no 2) (pods .+?) (?:are|run|share) (?:on )?(?:the same|one|a) node', '$1 are on different nodes'),
  said('(pods .+?) (?:run|live) on (different|the same) (nodes?)', '$1 are on $2 $3'),
  said('(pods .+?) (?:are|run) on separate nodes', '$1 are on different nodes'),
  said('(?:every|each|all) nodes? (?:has|have|runs?) (?:a|one|1) pods? of (?:the )?daemonset $V', 'daemonset $1 is Ready'),
  said('(?:the )?daemonset $V (?:has|runs) (?:a|one|1) pod on (?:every|each) node', 'daemonset $1 is Ready'),
  said('all (?:the )?(?:replicas|pods) of $K are (.+)', 'all pods of $1 are $2', '$1 is $2'),
  said('(?:all )?system pods (?:are|be) (.+)', 'pods in namespace kube-system are $1'), said('all system pods are (.+)', 'pods in namespace kube-system are $1'),
  said('only (\\d+|one|two|three) (pods?|nodes?|jobs?) (.+)', '$1 $2 $3'), said('both (?:of )?(?:the )?(pods|nodes|jobs) (.+)', 'all $1 $2', '2 $1 $2'),
  said('(?:the )?((?:pods|nodes|jobs)(?: .+)?) are all (.+)', 'all $1 are $2'),
  said('(pods .+?) (?:are|be) (?:evenly |equally )?(?:spread|distributed|balanced)(?: evenly| equally)?(?: \\w+)? (?:all |the )*nodes',
    '$1 are spread evenly over "kubernetes.io/hostname"'),
  said('(pods .+?) (?:are|be) (?:evenly |equally )?(?:spread|distributed|balanced)(?: evenly| equally)?(?: \\w+)? (?:all |the )*zones',
    '$1 are spread evenly over "topology.kubernetes.io/zone"'),
  said('(?:the )?cluster has (\\d+) (worker )?nodes?', 'there are $1 nodes', 'a cluster with $1 nodes'),
]
const workloads: readonly Rewriting[] = [
  said('$K (?:has|have) (\\d+)(?: of |/)\\d+ (?:replicas|pods) ready', '$1 has $2 ready replicas'),
  said(`$K ${be} scaled (?:up |down )?to (\\d+)(?: replicas?)?`, '$1 has $2 replicas', 'I scale $1 to $2'),
  said('(?:hpa|horizontalpodautoscaler) $V scales $K to (\\d+)(?: replicas)?', '$2 eventually has $3 replicas'),
  said('(?:the )?rollout of $K (?:completes|succeeds|finishes|is (?:complete|completed|done|finished|successful))', '$1 is eventually rolled out'),
  said('(?:the )?rollout of $K (?:is stuck|fails|stalls|does not complete)', '$1 eventually has condition Progressing=False with reason ProgressDeadlineExceeded'),
  said('$K (?:has a failed rollout|fails to roll out)', '$1 eventually has condition Progressing=False with reason ProgressDeadlineExceeded'),
  said('(?:the )?rollout of $K is paused', '$1 has field .spec.paused "true"'), said(`$K ${be} paused`, '$1 has field .spec.paused "true"'),
  said(`$K ${be} suspended`, '$1 has condition Suspended', '$1 has field .spec.suspend "true"'),
  said('(?:cronjob|cj) $V is suspended', 'cronjob $1 has field .spec.suspend "true"'),
  said(`((?:a |an |some |all |every |no |\\d+ |at least |at most |\\w+ )*(?:pods?|nodes?) .+?) ${be} unavailable`, '$1 is not Ready'),
  said('job $V has (\\d+) succeeded pods?', 'job $1 has field .status.succeeded $2'),
  said('$K (has|have) (at (?:least|most) .+) at (?:any|all) times?', '$1 always $2 $3'), said('$S at (?:any|all) times?', '$1 for 5m'),
  said('(?:deployment|deploy) $V is unavailable', 'deployment $1 is not Available'), said(`$K ${be} (?:degraded|unhealthy)`, '$1 is not Ready'),
  said(`$K ${be} (?:fully )?(?:updated|upgraded|deployed)`, '$1 is rolled out'), said('(?:deployment|deploy) $V is progressing', 'deployment $1 has condition Progressing'),
  said('(?:deployment|deploy) $V (?:has failed|fails|failed)',
    'deployment $1 eventually has condition Progressing=False with reason ProgressDeadlineExceeded', 'deployment $1 is not Available'),
  said('job $V (?:retries|retried|is retried) (\\d+) times?', 'job $1 has field .status.failed $2'),
  said('job $V (?:runs|has run|creates|created) (\\d+) pods?', 'there are $2 pods of job $1'),
  said('(?:cronjob|cj) $V (?:has run|ran|runs)', 'there is at least 1 job of cronjob $1'),
  said('(?:hpa|horizontalpodautoscaler) $V scales (?:up|out)', 'hpa $1 eventually has at least 2 replicas'),
]
const pods: readonly Rewriting[] = [
  said(`$K ${be} (?:oom[- ]killed|killed by (?:the )?oom(?: killer)?)`, '$1 is OOMKilled'),
  said('container $V (?:in|of) $K (?:exits|exited|exit|ends|ended|terminates|terminated) with (?:exit )?(?:code|status) (\\d+)',
    '$2 has field .status.containerStatuses[?(@.name==\'$1\')].state.terminated.exitCode "$3"'),
  said('$K (?:exits|exited|exit|ends|ended|terminates|terminated) with (?:exit )?(?:code|status) (\\d+)',
    '$1 has field .status.containerStatuses[0].state.terminated.exitCode "$2"'),
  said('$K (?:has|gets) no node', '$1 is not scheduled'), said(`$K ${be} stuck(?: in)? (.+)`, '$1 stays $2'),
  said('$K (?:continues?|goes on|go on|keeps? on) (?:to run|running)', '$1 stays Running'), said('$K (?:continues? to be|keeps? being) (.+)', '$1 stays $2'),
  said('$K (?:has|gets) (?:the )?(?:pod )?IP(?: address)? $V', '$1 has field .status.podIP "$2"'),
  said('$K (?:has|gets) (?:an? )?(?:pod )?IP(?: address)?', '$1 has field .status.podIP', '$1 has field .spec.clusterIP'),
  said('$K has (?:the )?qos(?: class)? $V', '$1 has field .status.qosClass "$2"'),
  said('$K has (?:the )?priority (\\d+)', '$1 has field .spec.priority $2'),
  said('$K (?:has|uses) (?:the )?priority ?class $V', '$1 has field .spec.priorityClassName "$2"'),
  said('$K (?:has|uses|runs as) (?:the )?service ?account $V', '$1 has field .spec.serviceAccountName "$2"'),
  said('$K has (?:an? )?(cpu|memory) (limit|request) (?:of )?$V', '$1 has field .spec.containers[0].resources.$3s.$2 "$4"'),
  said('$K (?:requests) (?:cpu |memory )?$V (cpu|memory)', '$1 has field .spec.containers[0].resources.requests.$3 "$2"'),
  said('$K has no labels', '$1 has no field .metadata.labels'), said('$K has (?:an? |the )?owner $K', '$1 is owned by $2'),
  said('$K has (?:an? )?event $Q', '$1 has event REASON saying $2'), said('$K has (?:an? )?([A-Z]\\w+) event', '$1 has event $2'),
  said('$K has no ([A-Z]\\w+) events?', '$1 has no event $2'),
  said('(?:an? )?event "?([A-Z]\\w+)"? (?:is|was) (?:recorded|emitted|created|reported) (?:for|on|about) $K', '$2 has event $1'),
  said('there is an? (?:"?([A-Z]\\w+)"? event|event "?([A-Z]\\w+)"?) (?:for|on|about) $K', '$3 has event $1$2'),
  said('(?:no two )?$K is ready before $K', '$1 is Ready before $2 is Ready'), said('$K (starts|is running) before $K', '$1 is Running before $3 is Running'),
  said('$K (?:goes into|enters|gets into|ends up in|falls into|reaches) (?:the )?(?:status |state |phase )?(.+)', '$1 is eventually $2'),
  said(`$K ${be} (?:crash[- ]?looping|in (?:a )?crash ?loop)`, '$1 is CrashLoopBackOff'), said(`(.+) (?:gets|get) (evicted|ready|scheduled|deleted|bound|running)`, '$1 is eventually $2'),
  said('pod $V crashes', 'container app in pod $1 crashes'), said('(an? pod of .+) crashes', 'container app in $1 crashes'),
  said('$K fails (?:its|the) (readiness|liveness|startup) probe', '$1 has event Unhealthy saying "$2 probe failed"'),
  said('$K (?:cannot|can not|fails to|is unable to) pull (?:its|the) image', '$1 is eventually ImagePullBackOff'),
  said('$K (?:fails to start|does not start|cannot start)', '$1 is never Running'), said('$K is waiting for (?:its|the) image', '$1 is ContainerCreating'),
  said('(.+) is (.+) in (?:less than |under |at most |max )?(\\d.*)', '$1 is $2 within $3'),
  said('(.+?) (?:eventually )?becomes (.+) and (?:stays|remains) (?:\\2|so|that way)', '$1 eventually $2 and stays so for 1m'),
  said('(?:an? )?(?:new|random) pod of (.+) is (?:created|started)', 'there is a pod of $1'),
  said('(?:an? )?(?:random )?pod of (.+) is (?:deleted|killed|removed)', 'I delete a pod of $1'),
]
const others: readonly Rewriting[] = [
  said('(?:pvc|persistentvolumeclaim) $V is bound to (?:a|the|some) (?:volume|pv|persistentvolume)', 'pvc $1 is Bound'),
  said('(?:service|svc) $V (?:points to|selects|routes to|targets) .+', 'service $1 has at least 1 endpoint'),
  said('(?:service|svc) $V has (?:a )?cluster ?ip', 'service $1 has field .spec.clusterIP'),
  said('(?:service|svc) $V (?:has|gets) (?:an? )?(?:external ip|load ?balancer(?: ip| address)?|external address)',
    'service $1 has field .status.loadBalancer.ingress[0].ip'),
  said('(?:configmap|cm) $V has (?:data )?$V[=:] ?$V', 'configmap $1 has field .data.$2 "$3"'),
  said('(?:configmap|cm) $V has (?:the )?value $V for (?:the )?key $V', 'configmap $1 has field .data.$3 "$2"'),
  said('(?:configmap|cm) $V has (?:the )?key $V with (?:the )?value $V', 'configmap $1 has field .data.$2 "$3"'),
  said('(?:all |the )?(requests (?:from|to) .+?) (?:succeed|are (?:answered|served|successful)|do not fail|never fail)', '$1 lose no request'),
  said('(?:no )(requests (?:from|to) .+?) (?:fail|are lost|is lost|get lost)', '$1 lose no request'),
  said('(?:the )?traffic $Q (?:succeeds|(?:has|sees|gets) no errors?|has no failed requests?|does not fail)', 'traffic $1 loses no request'),
  said('(?:the )?traffic $Q (?:fails|has errors)', 'traffic $1 loses at least 1 request'),
  said('(requests (?:from|to) .+?) (?:fail|are lost)', '$1 lose at least 1 request'),
  said('(?:the )?(?:traffic|requests?) to $K (?:is|are) not (?:interrupted|affected|disturbed)', 'requests to $1 lose no request'),
  said('clients can (?:still )?reach $K', 'requests to $1 lose no request'), said('(?:the )?namespace $V has (?:a|the) (?:resource ?)?quota', 'there is a resourcequota in namespace $1'),
  said('(?:the )?(?:resource )?quota is exceeded', 'the last request is rejected because "exceeded quota"'),
  said('(?:configmap|cm|secret) $V is immutable', 'configmap $1 has field .immutable "true"'),
  said('(?:pvc|persistentvolumeclaim) $V (?:is|was) (?:resized|expanded) to $V', 'pvc $1 has field .status.capacity.storage "$2"'),
]
const faults: readonly Rewriting[] = [
  said(`node $N (?:fails|crashes|dies|breaks|is lost|${be} (?:shut down|powered off|turned off|stopped|killed|unavailable|offline))`, 'node $1 goes down'),
  said(`node $N ${be} (?:restarted|rebooted)`, 'node $1 reboots'), said('node $N restarts', 'node $1 reboots'),
  said(`node $N ${be} unreachable`, 'the network between $1 and the control plane is partitioned', 'node $1 is NotReady'),
  said('node $N loses (?:its|the) (?:network|connection)(?: .*)?', 'the network between $1 and the control plane is partitioned'),
  said(`node $N ${be} tainted`, 'node $1 has taint KEY'),
  said('(kubelet|kube-proxy) (stops|crashes|goes down|hangs|starts|comes back) on $N', 'the $1 on $3 $2'),
  said(`(?:the )?(${component}) ${be} (?:stopped|shut down|killed|unavailable|offline|unreachable)`,
    'the $1 goes down', 'the $1 is down'),
  said(`(?:the )?(${component}) ${be} restarted`, 'the $1 crashes'),
  said(`(?:the )?(${component}) ${be} (?:started|restored|available|back)(?: again)?`,
    'the $1 comes back', 'the $1 is up'),
  said('(?:the )?(.+?) (?:recovers|is back(?: up| again| online)?|is (?:up|back) again|is healed)', '$1 comes back'),
  said(`(?:i )?(?:stop|kill|shut ?down|turn off) (?:the )?(kubelet on .+|${component})`, 'the $1 goes down'),
  said(`(?:i )?(?:start|resume) (?:the )?(kubelet on .+|${component})`, 'the $1 comes back'),
  said(`(?:i )?restart (?:the )?(kubelet on .+|${component})`, 'the $1 crashes'),
  said('(?:i )?(?:shut ?down|stop|power off|turn off) node $N', 'node $1 goes down'), said('(?:i )?(?:reboot|restart) node $N', 'node $1 reboots'),
  said('node $N (?:is|gets) drained', 'I drain node $1'), said('etcd (?:has )?(?:loses|lost|loses the|lost its) quorum', 'etcd has no quorum'),
  said('(?:one|an|a) etcd member (goes down|crashes|hangs|comes back)', 'etcd member etcd-1 $1'),
  said('(?:the )?(?:cluster|control plane|components?|all components) (?:is|are) (?:healthy|ok|fine|working)', 'the control plane is healthy', 'all nodes are Ready'),
  said('(?:the )?(?:api[- ]?server|kube-apiserver) (?:does not|doesn.t|no longer) (?:respond|answer)s?', 'the API server is down', 'the API server hangs'),
  said('(?:the )?(?:api[- ]?server|kube-apiserver) (?:responds|answers|works)(?: again)?', 'the API server is up'), said('kubectl works(?: again)?', 'the API server is up'),
]
const actions: readonly Rewriting[] = [
  said('(?:i )?(?:rollout restart|rollout-restart|redeploy|bounce) $K', 'I restart $1'), said('(?:i )?(?:roll ?back|undo)(?: the)?(?: rollout of)? $K', 'I roll back $1'),
  said('(?:i )?(?:kill|remove|terminate) ((?:an? |the |all |every |\\d+ )*pods? .+)', 'I delete $1'), said('(?:i )?(?:kill|stop) node $N', 'node $1 goes down'),
  said('(?:i )?(?:get|describe|list|watch) (.+)', 'I run "kubectl get $1"'),
  said('(?:i )?(?:update|change|upgrade) (?:the )?image of $K to $V', 'I set image of $1 to "$2"'),
  said('(?:i )?(?:update|change|upgrade) $K to (?:use )?(?:image |version )?$Q', 'I set image of $1 to $2'),
  said('(?:i )?deploy $Q', 'I apply $1'),
  said('(?:an? )?(?:running |ready )pod $V', 'a pod $1 with image "nginx"'),
  said('(?:an? )?service $V for (?:the )?deployment $V', 'service $1 on port 80 for app=$2'),
  said('(?:an? )?configmap $V with $V=$V', 'I run "kubectl create configmap $1 --from-literal=$2=$3"'),
  said('(?:an? )?(\\d+)[- ]nodes? (?:kubernetes )?cluster', 'a cluster with $1 nodes'), said('(?:an? )?single[- ]node (?:kubernetes )?cluster', 'a cluster with 1 node'),
  said('(?:an? )?kind cluster(.*)', 'a cluster$1'), said('(?:an? )?(?:kubernetes|k8s) cluster(.*)', 'a cluster$1'),
  said('(.+?) (?:again|once more)', '$1'), said('(?:i )?(?:try|attempt|want) to (.+)', 'I $1'), said('(?:i )?expect the (command|request) to (fail|succeed)', 'the last $1 $2s'),
  said('(?:i )?(?:add|set|put) (?:the )?label $V(?:=$V)? (?:to|on) $K', 'I label $3 $1=$2'),
  said('(?:i )?(?:remove|delete|drop) (?:the )?(label|taint) $V from $K', 'I run "kubectl $1 $3 $2-"'),
  said('(?:i )?expose $K on port (\\d+)', 'I run "kubectl expose $1 --port=$2"'),
  said('(?:i )?autoscale $K between (\\d+) and (\\d+)(?: replicas)?', 'I run "kubectl autoscale $1 --min=$2 --max=$3"'),
  said('(?:i )?(?:exec|log) into (?:the )?pod $V', 'I run "kubectl exec $1 -- env"'),
  said('(?:i )?(?:view|show|see|read|check) (?:the )?logs of (?:the )?pod $V', 'I run "kubectl logs $1"'),
  said('(?:i )?edit $K', 'I patch $1:'), said('(?:i )?create (?:the )?\\w+ $V from $Q', 'I create $2', 'I apply $2'),
  said('(?:i )?should (?:see|get) $Q', 'the last command prints $1'), said('(?:kubectl|it|the command) (?:prints|shows|says|outputs|returns) $Q', 'the last command prints $1'),
]
/** each with its sentences, first the pattern of what is said */
export const rewritings: readonly Rewriting[] = [...sets, ...workloads, ...pods, ...others, ...faults, ...actions]

/** Of one there is no plural; messages of Events begin with a capital. */
const tidied = (sentence: string): string =>
  sentence.replace(/\b(there )are ((?:at least |at most |exactly )?1 )/, '$1is $2').replace(/\b1 (pod|node|job|replicaset|pvc|endpointslice|persistentvolumeclaim)s\b/, '1 $1')
    .replace(/saying "([a-z])/, (_, first: string) => `saying "${first.toUpperCase()}`)

/** Other sentences that may be what is meant, nearest first. */
export const inOtherWords = (text: string): string[] =>
  [...new Set(rewritings.flatMap(([pattern, ...instead]) => pattern.test(text) ? instead.map(i => tidied(text.replace(pattern, i))) : []))]
