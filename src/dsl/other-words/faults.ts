import { be, component, said, type Rewriting } from './rewriting.ts'

/** Of what goes wrong. */
export const faults: readonly Rewriting[] = [
  said('((?:worker|cp)-\\d+) (?:fails|crashes|dies|is lost)', 'node $1 goes down'),
  said(`node $N (?:fails|crashes|dies|breaks|is lost|${be} (?:shut down|powered off|turned off|stopped|killed|unavailable|offline))`, 'node $1 goes down'),
  said(`node $N ${be} (?:restarted|rebooted)`, 'node $1 reboots'), said('node $N restarts', 'node $1 reboots'),
  said(`node $N ${be} unreachable`, 'the network between $1 and the control plane is partitioned', 'node $1 is NotReady'),
  said('node $N loses (?:its|the) (?:network|connection)(?: .*)?', 'the network between $1 and the control plane is partitioned'),
  said(`node $N ${be} tainted`, 'node $1 has taint KEY'),
  said('(kubelet|kube-proxy) (stops|crashes|goes down|hangs|starts|comes back) on $N', 'the $1 on $3 $2'),
  said(`(?:the )?(${component}) ${be} (?:stopped|shut down|killed|unavailable|offline|unreachable)`,
    'the $1 goes down', 'the $1 is down'),
  said(`(?:the )?(${component}) (?:stops|stopped) (?:working|responding)`, 'the $1 goes down'),
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
  said('(?:the )?(?:cluster|control plane|(?:all )?(?:the )?(?:control plane )?components?) (?:is|are) (?:healthy|ok|fine|working)', 'the control plane is healthy', 'all nodes are Ready'),
  said('(?:the )?(?:api[- ]?server|kube-apiserver) (?:does not|doesn.t|no longer) (?:respond|answer)s?', 'the API server is down', 'the API server hangs'),
  said('(?:the )?(?:api[- ]?server|kube-apiserver) (?:responds|answers|works)(?: again)?', 'the API server is up'), said('kubectl works(?: again)?', 'the API server is up'),
]
