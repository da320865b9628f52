import { describe, expect, test } from 'vitest'
import { dedent, terminal } from './support/transcript.ts'

/** A bookshop of custom resources: what a person types and what a 1.35 cluster says. */
const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all, ours]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}}
    selectableFields: [{jsonPath: .spec.mode}]
    additionalPrinterColumns:
    - {name: Spec, type: string, jsonPath: .spec.cronSpec, description: The schedule}
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Image, type: string, jsonPath: .spec.image, priority: 1}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    schema:
      openAPIV3Schema:
        description: A thing that runs.
        type: object
        properties:
          spec:
            description: What is wanted.
            type: object
            required: [cronSpec]
            properties:
              cronSpec: {type: string, pattern: '^(\\S+ ){4}\\S+$', description: When it runs.}
              image: {type: string, default: "example.com/cron:1"}
              replicas: {type: integer, minimum: 1, maximum: 10}
              num: {type: number, exclusiveMinimum: true, minimum: 0, multipleOf: 0.5}
              mode: {type: string, enum: [Fast, Slow]}
              short: {type: string, minLength: 2, maxLength: 4}
              port: {x-kubernetes-int-or-string: true}
              labels: {type: object, additionalProperties: {type: string}, maxProperties: 2}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true}
              when: {type: string, format: date-time}
              maybe: {type: string, nullable: true}
              words: {type: array, items: {type: string}, minItems: 1, maxItems: 2, x-kubernetes-list-type: set}
              list: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, required: [name], properties: {name: {type: string}, size: {type: integer, default: 3}}}}
              one: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
            x-kubernetes-validations:
            - {rule: "!has(self.replicas) || self.replicas != 7", message: "seven is unlucky"}
            - {rule: "!has(oldSelf.mode) || self.mode == oldSelf.mode", message: "mode is immutable", fieldPath: ".mode", reason: FieldValueForbidden}
            - {rule: "!has(self.short) || self.short != 'xx'", messageExpression: "'short is ' + self.short"}
            - {rule: "!has(self.list) || self.list.all(i, i.size < 9) || self.replicas > 1"}
          status: {type: object, properties: {replicas: {type: integer}, selector: {type: string}, conditions: {type: array, items: {type: object, properties: {type: {type: string}, status: {type: string}}}}}}
`
const cronTab = (name: string, spec: string): string => `apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: {name: ${name}}\nspec: ${spec}\n`
const files = {
  'crd.yaml': DEFINITION, 'nightly.yaml': cronTab('nightly', '{cronSpec: "0 3 * * *", replicas: 2, mode: Fast, words: [b, a], list: [{name: x}]}'),
  'hourly.yaml': cronTab('nightly', '{cronSpec: "0 * * * *", replicas: 2, mode: Fast}'),
}
const check = (name: string, text: string, more: Readonly<Record<string, string>> = {}): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files: { ...files, ...more } }).type(expected)).toBe(expected) })
}

describe('a definition adds a kind', () => {
  check('from when its names are accepted until it goes, with all objects of it', `
    $ kubectl get crontabs
    ! error: the server doesn't have a resource type "crontabs"
    [1]
    $ kubectl apply -f crd.yaml
    customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created
    # 1s
    $ kubectl get crd crontabs.stable.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}; {end}{.status.storedVersions}'
    NamesAccepted=True NoConflicts: no conflicts found; Established=True InitialNamesAccepted: the initial names have been accepted; ["v1"]
    $ kubectl api-resources --api-group=stable.example.com
    NAME       SHORTNAMES   APIVERSION              NAMESPACED   KIND
    crontabs   ct           stable.example.com/v1   true         CronTab
    $ kubectl get ct
    ! No resources found in default namespace.
    $ kubectl apply -f nightly.yaml
    crontab.stable.example.com/nightly created
    $ kubectl get ours -o wide
    NAME      SPEC        REPLICAS   IMAGE                READY
    nightly   0 3 * * *   2          example.com/cron:1
    $ kubectl delete crd crontabs.stable.example.com
    customresourcedefinition.apiextensions.k8s.io "crontabs.stable.example.com" deleted
    $ kubectl get ct
    ! Error from server (NotFound): Unable to list "stable.example.com/v1, Resource=crontabs": the server could not find the requested resource (get crontabs.stable.example.com)
    [1]`)

  check('names that another definition has are not accepted', `
    $ kubectl apply -f crd.yaml
    customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created
    # 1s
    $ kubectl apply -f other.yaml
    customresourcedefinition.apiextensions.k8s.io/others.stable.example.com created
    # 1s
    $ kubectl get crd others.stable.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}; {end}'
    NamesAccepted=False ListKindConflict: "CronTabList" is already in use; Established=False NotAccepted: not all names are accepted;
    $ kubectl delete crd crontabs.stable.example.com
    customresourcedefinition.apiextensions.k8s.io "crontabs.stable.example.com" deleted
    # 1s
    $ kubectl get others
    ! No resources found in default namespace.`, {
      'other.yaml': DEFINITION.replaceAll('crontabs', 'others')
        .replace('shortNames: [ct]', 'shortNames: [ot]')
        .replace('singular: crontab,', 'singular: other,'),
    })

  check('of several versions each shows the same objects, by its own name', `
    $ kubectl apply -f books.yaml
    customresourcedefinition.apiextensions.k8s.io/books.shop.example.com created
    # 1s
    $ kubectl apply -f old.yaml
    book.shop.example.com/dune created
    ! Warning: shop.example.com/v1alpha1 Book is deprecated; use shop.example.com/v1 Book
    $ kubectl get books dune -o jsonpath='{.apiVersion} {.spec.copies}'
    shop.example.com/v1 1
    $ kubectl get books.v1alpha1.shop.example.com dune -o jsonpath='{.apiVersion}'
    shop.example.com/v1alpha1
    ! Warning: shop.example.com/v1alpha1 Book is deprecated; use shop.example.com/v1 Book`, {
    'books.yaml':
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: books.shop.example.com}\nspec:\n  group: shop.example.com\n  scope: Cluster\n  names: {plural: books, kind: Book}\n  versions:\n${
      ['v1alpha1', 'v1'].map(v => `  - {name: ${v}, served: true, storage: ${v === 'v1'}, ${v === 'v1' ? '' : 'deprecated: true, '}schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {copies: {type: integer, default: 1}}}}}}}\n`).join('')}`,
    'old.yaml': 'apiVersion: shop.example.com/v1alpha1\nkind: Book\nmetadata: {name: dune}\nspec: {}\n',
  })
})

const established = `$ kubectl apply -f crd.yaml
    customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created
    # 1s`
describe('objects are what their schema says', () => {
  check('pruned, defaulted, printed and explained', `
    ${established}
    $ kubectl create -f loose.yaml
    ! Error from server (BadRequest): error when creating "loose.yaml": CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.colour", unknown field "spec.list[0].weight"
    [1]
    $ kubectl create -f loose.yaml --validate=warn
    crontab.stable.example.com/loose created
    ! Warning: unknown field "spec.colour"
    ! Warning: unknown field "spec.list[0].weight"
    $ kubectl get ct loose -o jsonpath={.spec}
    {"any":{"thing":[1]},"cronSpec":"a b c d e","image":"example.com/cron:1","list":[{"name":"x","size":3}],"maybe":null,"port":"http"}
    $ kubectl explain ct.spec.list.size
    GROUP:      stable.example.com
    KIND:       CronTab
    VERSION:    v1

    FIELD: size <integer>


    DESCRIPTION:
        <empty>

    $ kubectl get ct -o name
    crontab.stable.example.com/loose`, {
      'loose.yaml': cronTab(
        'loose', '{cronSpec: "a b c d e", colour: blue, list: [{name: x, weight: 2}], any: {thing: [1]}, port: http, maybe: null, short: null}'
      ),
    })

  check('status and scale are subresources', `
    ${established}
    $ kubectl apply -f nightly.yaml
    crontab.stable.example.com/nightly created
    $ kubectl patch ct nightly --type=merge -p '{"status":{"replicas":9}}'
    crontab.stable.example.com/nightly patched (no change)
    $ kubectl patch ct nightly --subresource=status --type=merge -p '{"status":{"replicas":5,"selector":"a=b","conditions":[{"type":"Ready","status":"True"}]},"spec":{"replicas":9}}'
    crontab.stable.example.com/nightly patched
    $ kubectl scale ct nightly --replicas=3
    crontab.stable.example.com/nightly scaled
    $ kubectl get ct nightly --subresource=scale -o jsonpath='{.spec} {.status}'
    {"replicas":3} {"replicas":5,"selector":"a=b"}
    $ kubectl get ct nightly
    NAME      SPEC        REPLICAS   READY
    nightly   0 3 * * *   3          True
    $ kubectl get ct nightly -o jsonpath={.metadata.generation}
    2
    $ kubectl scale ct nightly --replicas=30
    ! The CronTab "nightly" is invalid: spec.replicas: Invalid value: 30: spec.replicas in body should be less than or equal to 10
    [1]`)

  check('applied, patched and selected as other objects are, but for strategic merge patches', `
    ${established}
    $ kubectl apply -f nightly.yaml
    crontab.stable.example.com/nightly created
    $ kubectl apply -f hourly.yaml
    crontab.stable.example.com/nightly configured
    $ kubectl apply -f hourly.yaml
    crontab.stable.example.com/nightly unchanged
    $ kubectl get ct nightly -o jsonpath={.spec}
    {"cronSpec":"0 * * * *","image":"example.com/cron:1","mode":"Fast","replicas":2}
    $ kubectl patch ct nightly -p '{"spec":{"replicas":3}}'
    ! error: application/strategic-merge-patch+json is not supported by stable.example.com/v1, Kind=CronTab: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml
    [1]
    $ kubectl patch ct nightly --type=merge -p '{"spec":{"mode":"Slow"}}'
    ! The CronTab "nightly" is invalid: spec.mode: Forbidden: mode is immutable
    [1]
    $ kubectl get ct --field-selector spec.mode=Fast -o name
    crontab.stable.example.com/nightly
    $ kubectl get ct --field-selector spec.cronSpec=x
    ! Error from server (BadRequest): Unable to find "stable.example.com/v1, Resource=crontabs" that match label selector "", field selector "spec.cronSpec=x": field label not supported: spec.cronSpec
    [1]`)

  check('owned field by field, and item by item in lists that say so', `
    ${established}
    $ kubectl apply --server-side -f one.yaml
    crontab.stable.example.com/shared serverside-applied
    $ kubectl apply --server-side --field-manager=other -f two.yaml
    crontab.stable.example.com/shared serverside-applied
    $ kubectl get ct shared -o jsonpath='{.spec.list[*].name} {.spec.words}'
    one two ["x","z"]
    $ kubectl apply --server-side --field-manager=other -f three.yaml
    ! error: Apply failed with 1 conflict: conflict with "kubectl": .spec.cronSpec
    ! Please review the fields above--they currently have other managers. Here
    ! are the ways you can resolve this warning:
    ! * If you intend to manage all of these fields, please re-run the apply
    !   command with the \`--force-conflicts\` flag.
    ! * If you do not intend to manage all of the fields, please edit your
    !   manifest to remove references to the fields that should keep their
    !   current managers.
    ! * You may co-own fields by updating your manifest to match the existing
    !   value; in this case, you'll become the manager if the other manager(s)
    !   stop managing the field (remove it from their configuration).
    ! See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
    [1]`, {
    'one.yaml': cronTab('shared', '{cronSpec: "a b c d e", list: [{name: one}], words: [x]}'),
    'two.yaml': cronTab('shared', '{list: [{name: two}], words: [z]}'), 'three.yaml': cronTab('shared', '{cronSpec: "a b c d f"}'),
  })
})

describe('a wrong object is refused in the API server\'s words', () => {
  const later =
    '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
  test.each<[spec: string, says: readonly string[]]>([
    [
      '{cronSpec: "often", replicas: 70}',
      [
        "spec.cronSpec: Invalid value: \"often\": spec.cronSpec in body should match '^(\\S+ ){4}\\S+$'",
        'spec.replicas: Invalid value: 70: spec.replicas in body should be less than or equal to 10',
      ],
    ],
    ['{replicas: 2}', ['spec.cronSpec: Required value', later]],
    [
      '{cronSpec: 5, replicas: "two"}',
      [
        'spec.cronSpec: Invalid value: "integer": spec.cronSpec in body must be of type string: "integer"',
        'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
        '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: two is of the type string, expected int64', later,
      ],
    ],
    [
      '{cronSpec: "a b c d e", mode: Medium, num: 0}',
      [
        'spec.mode: Unsupported value: "Medium": supported values: "Fast", "Slow"',
        'spec.num: Invalid value: 0: factor MultipleOf declared for spec.num must be positive: 0',
        'spec.num: Invalid value: 0: spec.num in body should be greater than 0', later,
      ],
    ],
    [
      '{cronSpec: "a b c d e", num: 0.3, short: xxxxx}',
      ['spec.num: Invalid value: 0.3: spec.num in body should be a multiple of 0.5', 'spec.short: Too long: may not be more than 4 bytes', later],
    ],
    ['{cronSpec: "a b c d e", short: x}', ['spec.short: Invalid value: "x": spec.short in body should be at least 2 chars long']],
    [
      '{cronSpec: "a b c d e", port: true, labels: {a: 1}}',
      [
        'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"',
        'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"', later,
      ],
    ],
    ['{cronSpec: "a b c d e", when: yesterday}', ['spec.when: Invalid value: "yesterday": spec.when in body must be of type date-time: "yesterday"', later]],
    ['{cronSpec: "a b c d e", words: []}', ['spec.words: Invalid value: 0: spec.words in body should have at least 1 items']],
    ['{cronSpec: "a b c d e", words: [a, a, b]}', ['spec.words: Too many: 3: must have at most 2 items', 'spec.words[1]: Duplicate value: "a"', later]],
    [
      '{cronSpec: "a b c d e", list: [{name: a}, {name: a}, {size: 1}]}',
      ['spec.list[2].name: Required value', 'spec.list[1]: Duplicate value: {"name":"a"}', later],
    ],
    [
      '{cronSpec: "a b c d e", one: {}}',
      ['<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found none valid', 'spec.one.a: Required value', later],
    ],
    [
      '{cronSpec: "a b c d e", one: {a: x, b: z}}',
      ['<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    ['{cronSpec: "a b c d e", labels: {a: b, c: d, e: f}}', ['spec.labels: Too many: 3: must have at most 2 items', later]],
    ['{cronSpec: "a b c d e", replicas: 7, short: xx}', ['spec: Invalid value: seven is unlucky', 'spec: Invalid value: short is xx']],
    [
      '{cronSpec: "a b c d e", list: [{name: a, size: 10}]}',
      ['spec: Invalid value: "object": no such key: replicas evaluating rule: !has(self.list) || self.list.all(i, i.size < 9) || self.replicas > 1'],
    ],
    [
      '{cronSpec: "a b c d e", list: [{name: a, size: 10}], replicas: 1}',
      ['spec: Invalid value: failed rule: !has(self.list) || self.list.all(i, i.size < 9) || self.replicas > 1'],
    ],
    [
      '[]',
      [
        'spec: Invalid value: "array": spec in body must be of type object: "array"',
        '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: [] is of the type []interface {}, expected map[string]interface{}', later,
      ],
    ],
  ])('%s', async (spec, says) => {
    const typed = await terminal({ files: { ...files, 'wrong.yaml': cronTab('wrong', spec) } }).type(
      '$ kubectl apply -f crd.yaml\n# 1s\n$ kubectl create -f wrong.yaml'
    )
    const told = typed.split('\n').slice(4).filter(l => l.startsWith('! ')).map(l => l.slice(2))
    expect(told).toEqual(says.length === 1 ? [`The CronTab "wrong" is invalid: ${says[0]}`] : ['The CronTab "wrong" is invalid:', ...says.map(s => `* ${s}`)])
  })
})

test('a fork knows the kinds of its own cluster alone', async () => {
  const { driver, type } = terminal({ files })
  await type('$ kubectl apply -f crd.yaml\n# 1s\n$ kubectl apply -f nightly.yaml')
  const twin = driver.fork!()
  await type('$ kubectl delete crd crontabs.stable.example.com\n# 1s')
  expect(driver.storedList('crontabs.stable.example.com')).toEqual([])
  const answer = await twin.request({
    verb: 'get', group: 'stable.example.com', version: 'v1', resource: 'crontabs', namespace: 'default', name: 'nightly',
    credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
  })
  expect(answer.code).toBe(200)
})

test('a restarted API server knows what was there before', async () => {
  const { driver, type } = terminal({ files })
  await type('$ kubectl apply -f crd.yaml\n# 1s\n$ kubectl apply -f nightly.yaml')
  expect(driver.inject('component-crash', { component: 'kube-apiserver' })).not.toBeTypeOf('string')
  await driver.advance(30_000)
  expect(await type('$ kubectl get ct -o name')).toBe('$ kubectl get ct -o name\ncrontab.stable.example.com/nightly')
})

describe('the cluster cares for custom resources', () => {
  const owned = (kind: string, api: string, name: string, uid: string): string =>
    `apiVersion: ${api}\nkind: ${kind}\nmetadata: {name: ${name}, ownerReferences: [{apiVersion: stable.example.com/v1, kind: CronTab, name: nightly, uid: ${uid}}]}\n${kind === 'CronTab' ? 'spec: {cronSpec: "a b c d e"}\n' : ''}`
  test('what an object of theirs owns goes with it, and what owns them takes them along', async () => {
    const { driver, type } = terminal({ files }), mine: Record<string, string> = {}
    await type('$ kubectl apply -f crd.yaml\n# 1s\n$ kubectl apply -f nightly.yaml')
    const { uid } = driver.stored('crontabs.stable.example.com', 'default', 'nightly')!.metadata
    Object.assign(mine, {
      ...files, 'child.yaml': owned('CronTab', 'stable.example.com/v1', 'child', uid), 'config.yaml': owned('ConfigMap', 'v1', 'config', uid),
    })
    const { runCommandLine } = await import('../src/clients/index.ts')
    const run = (line: string) => runCommandLine(line, {
      driver, credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, namespace: 'default', readFile: path => mine[path],
      binding: () => undefined,
    })
    await run('kubectl apply -f child.yaml -f config.yaml')
    await run('kubectl delete ct nightly')
    await driver.advance(5000)
    expect(driver.storedList('crontabs.stable.example.com')).toEqual([])
    expect(driver.stored('configmaps', 'default', 'config')).toBeUndefined()
  })
  test('a namespace takes them along, quotas count them, and nothing is left to do', async () => {
    const { driver, type } = terminal({
      files: { ...files, 'a.yaml': cronTab('a', '{cronSpec: "a b c d e"}'), 'b.yaml': cronTab('b', '{cronSpec: "a b c d e"}') },
    })
    const quota = '$ kubectl create quota q --hard=count/crontabs.stable.example.com=1 -n shop\n# 1s'
    await type(`$ kubectl apply -f crd.yaml\n# 1s\n$ kubectl create ns shop\n${quota}`)
    // the kind has to be found first, and then the quota to be looked at
    expect(await type('$ kubectl apply -n shop -f a.yaml')).toContain('forbidden: status unknown for quota: q, resources: count/crontabs.stable.example.com')
    expect(await type('# 30s\n$ kubectl apply -n shop -f a.yaml')).toContain('status unknown for quota')
    await type(`$ kubectl delete quota q -n shop\n${quota}`)
    expect(await type('$ kubectl apply -n shop -f a.yaml\n$ kubectl apply -n shop -f b.yaml')).toContain(
      'forbidden: exceeded quota: q, requested: count/crontabs.stable.example.com=1, used: count/crontabs.stable.example.com=1, limited: count/crontabs.stable.example.com=1'
    )
    await type('$ kubectl delete ns shop')
    expect(driver.storedList('crontabs.stable.example.com')).toEqual([])
    await type('$ kubectl delete crd crontabs.stable.example.com')
    expect(await driver.runUntil(() => false, driver.now() + 3_600_000)).toBe('quiescent')
  })
})

test('conversion by webhook is not modelled, and says so', async () => {
  const by = (webhook: string): string => DEFINITION.replace('  scope: Namespaced', `  scope: Namespaced\n  conversion: {strategy: Webhook, ${webhook}}`)
  const { type } = terminal({
    files: {
      'crd.yaml': by('webhook: {conversionReviewVersions: [v1], clientConfig: {url: "https://convert.example.com"}}'),
      'wrong.yaml': by('webhook: {conversionReviewVersions: [v1]}'),
    },
  })
  expect(await type('$ kubectl apply -f crd.yaml')).toContain('! NotModelled: CustomResourceDefinition.spec.conversion')
  expect(await type('$ kubectl apply -f wrong.yaml')).toContain('spec.conversion.webhookClientConfig: Required value')
})
