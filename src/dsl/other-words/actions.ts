import { said, type Rewriting } from './rewriting.ts'

/** Of what somebody does, of commands, and of whom a step before this one has spoken. */
export const actions: readonly Rewriting[] = [
  said('(?:i )?(?:rollout restart|rollout-restart|redeploy|bounce) $K', 'I restart $1'), said('(?:i )?(?:roll ?back|undo)(?: the)?(?: rollout of)? $K', 'I roll back $1'),
  said('(?:i )?(?:kill|remove|terminate) ((?:an? |the |all |every |\\d+ )*pods? .+)', 'I delete $1'), said('(?:i )?(?:kill|stop) node $N', 'node $1 goes down'),
  said('(?:i )?(?:get|describe|list|watch) (?!an error)(.+)', 'I run "kubectl get $1"'),
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
  said('(?:i )?autoscale $K between (\\d+) and (\\d+)(?: replicas)? at (\\d+) ?%(?: cpu)?', 'I run "kubectl autoscale $1 --min=$2 --max=$3 --cpu=$4%"'),
  said('(?:i )?autoscale $K between (\\d+) and (\\d+)(?: replicas)?', 'I run "kubectl autoscale $1 --min=$2 --max=$3"'),
  said('(?:i )?(?:exec|log) into (?:the )?pod $V', 'I run "kubectl exec $1 -- env"'),
  said('(?:i )?(?:view|show|see|read|check) (?:the )?logs of (?:the )?pod $V', 'I run "kubectl logs $1"'),
  said('(?:i )?edit $K', 'I patch $1:'), said('(?:i )?create (?:the )?\\w+ $V from $Q', 'I create $2', 'I apply $2'), said('(?:i )?create (?:an? |the )?(.+)', '$1'), said('(.+ image) ([^"\\s]+)', '$1 "$2"'),
  said('(?:i )?should (?:see|get) $Q', 'the last command prints $1'), said('(?:kubectl|it|the command) (?:prints|shows|says|outputs|returns) $Q', 'the last command prints $1'),
]
export const ofCommands: readonly Rewriting[] = [
  said('(?:i )?(?:execute|type|enter|issue|call|use) $Q', 'I run $1'), said('(?:i )?run (?:the command )?[`\']?((?:kubectl|etcdctl) [^"`\']+)[`\']?', 'I run "$1"'),
  said('$Q (?:prints|shows|says|outputs|returns) $Q', 'I run $1'), said('(?:the )?(?:command )?output is $Q', 'the last command prints exactly $1'), said('(?:the )?command output contains $Q', 'the last command prints $1'),
  said('(?:the )?command (?:prints|returns|reports|shows) an error', 'the last command fails'), said('(?:i )?(?:see|get) an error', 'the last command fails'),
  said('(?:i )?(?:see|get|read) $Q', 'the last command prints $1'), said('(?:the )?exit code is not (\\d+)', 'the last command does not have exit code $1'), said('(?:the )?exit code is (\\d+)', 'the last command has exit code $1'),
  said('(?:the )?(?:pod|object|manifest|deployment) is (rejected|refused|denied)', 'the last request is $1'),
]
/** of whom a step before this one has spoken, and what nobody names */
export const ofContexts: readonly Rewriting[] = [
  said('it (is (?:rejected|refused|denied|forbidden).*|(?:fails|succeeds)(?: .+)?)', 'the last request $1', 'the last command $1'),
  said('(?:the )?(?:last )?(?:request|command|it) (?:fails|is rejected|is refused) because (?:the |it )?.*already exists', 'the last request is rejected with AlreadyExists'),
  said('(?:the )?(?:last )?(?:request|command|it) (?:fails|is rejected|is refused) because (?:the |it )?.*(?:does not exist|is not found|is missing)',
    'the last request is rejected with NotFound'),
  said('(?:the )?(?:last )?(?:request|it) is (?:rejected|refused|denied) as (invalid|forbidden|conflict)', 'the last request is rejected with $1'),
  said('(?:the )?last command fails with (?:exit )?(?:code|status) (\\d+)', 'the last command has exit code $1'),
  said('(?:as )?user $Q,? (?:i )?(?:gets?|lists?|describes?) (.+)', 'as user $1 I run "kubectl get $2"'),
  said('(?:as )?user $Q,? (?:i )?deletes? (.+)', 'as user $1 I delete $2'),
  said('(?:eventually )?no pods of $K (?:are left|remain)', 'there are eventually no pods of $1'), said('(?:eventually )?no pods (?:are left|remain)', 'there are eventually no pods'), said('time passes', '5 minutes pass'), said('(?:i )?do nothing', 'the cluster settles'),
  said('nothing (?:happens|changes)(?: for (.+))?', 'running pods are unaffected for $1', 'running pods are unaffected'),
  said('$K (?:is|are|stays|remains) (?:stable|steady|quiet)(?: for (.+))?', '$1 stays unchanged for $2', '$1 is unchanged'),
  said('(.+) (until|after|before|while) (.+) is back(?: up| online| again)?', '$1 $2 $3 is up'),
  said('(.*?\\b(deployment|deploy|statefulset|sts|daemonset|ds) ([a-z0-9][\\w.-]*) .+?) (?:until|while|during|throughout) (?:the|its) (?:rollout|update)(?: .*)?', '$1 during the rollout of $2 $3'),
  said('(?:the )?pods on (?:the )?(?:other|remaining) nodes? (.+)', 'pods on node worker-2 $1'),
  said('(?:i )?scale $V to (\\d+)(?: replicas?)?', 'I scale deployment $1 to $2'), said('(?:i )?(label|annotate|taint) ((?:worker|cp)-\\d+) (?:with )?(\\S+)', 'I $1 node $2 $3'),
  said('(?:i )?(delete|scale|drain|get|create|apply) (.+?)(?: with)? (--.+)', 'I run "kubectl $1 $2 $3"'),
]
