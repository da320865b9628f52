import { describe, expect, test } from 'vitest'
import { terminal } from './support/transcript.ts'

/** What a 1.35.4 cluster and its kubectl say of values of the wrong type, before any kind has its own word. */
const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              name: {type: string}
              num: {type: integer}
              b: {type: boolean}
              port: {x-kubernetes-int-or-string: true}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true}
              map: {type: object, additionalProperties: {type: string}}
              plain: {type: array, items: {type: string}}
              set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              two: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name, proto], items: {type: object, required: [name], properties: {name: {type: string}, proto: {type: string, default: TCP}}}}
`
const says = async (document: string, line: string): Promise<string> => {
  const typed = await terminal({ files: { 'crd.yaml': DEFINITION, 'a.yaml': document } }).type(`$ kubectl apply -f crd.yaml\n# 1s\n$ ${line}`)
  return typed.split('\n').slice(4).map(l => l.replace(/^! /, '')).join('\n')
}

describe('server-side apply', () => {
  const applied = (document: string): Promise<string> => says(document, 'kubectl apply --server-side -f a.yaml')
  const refused = (of: string, ...errors: string[]): string =>
    `Error from server: failed to create typed patch object (default/${of}): ${errors.length === 1 ? errors[0] : ['errors:', ...errors.map(e => `  ${e}`)].join('\n')}\n[1]`

  test.each<[string, string[]]>([
    ['{name: 5}', ['.spec.name: expected string, got &value.valueUnstructured{Value:5}']],
    [
      '{name: [a], num: {a: 1}, b: maybe, port: [1]}',
      [
        '.spec.b: expected boolean, got &{maybe}', '.spec.name: expected string, got &value.valueUnstructured{Value:[]interface {}{"a"}}',
        '.spec.num: expected numeric (int or float), got map[string]interface {}',
      ],
    ],
    [
      '{map: [a], plain: x, set: {a: 1}, any: 3}',
      [
        '.spec.any: expected map, got &{3}', '.spec.map: expected map, got &{[a]}', '.spec.plain: expected list, got &{x}',
        '.spec.set: expected list, got &{map[a:1]}',
      ],
    ],
    [
      '{map: {a: 1}, plain: [1], set: [1], two: [{name: 5}]}',
      [
        '.spec.map.a: expected string, got &value.valueUnstructured{Value:1}', '.spec.plain[0]: expected string, got &value.valueUnstructured{Value:1}',
        '.spec.set[=1]: expected string, got &value.valueUnstructured{Value:1}',
        '.spec.two[name=5,proto="TCP"].name: expected string, got &value.valueUnstructured{Value:5}',
      ],
    ],
    ['{set: [a, a]}', ['.spec.set: duplicate entries for key [="a"]']],
    ['{set: [null]}', ['.spec.set: element 0: associative list without keys has an element that\'s an explicit null']],
    ['{two: [{name: a}, {name: a, proto: UDP}, {name: a, proto: TCP}]}', ['.spec.two: duplicate entries for key [name="a",proto="TCP"]']],
    ['{foo: 1, name: 5}', ['.spec.foo: field not declared in schema']],
    ['5', ['.spec: expected map, got &{5}']],
  ])('of a custom resource: %s', async (spec, errors) => {
    expect(await applied(`apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: ${spec}\n`)).toBe(refused(
      'a; example.com/v1, Kind=Thing', ...errors
    ))
  })
  test.each<[string, string, string]>([
    ['v1, Kind=ConfigMap', 'data: {a: 1}', '.data.a: expected string, got &value.valueUnstructured{Value:1}'],
    ['v1, Kind=Service', 'spec: {ports: [{port: "80"}]}', '.spec.ports[port="80",protocol="TCP"].port: expected numeric (int or float), got string'],
    [
      'apps/v1, Kind=Deployment', 'spec: {template: {spec: {containers: [{name: a}, {name: a}]}}}',
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
    [
      'v1, Kind=Pod', 'spec: {containers: [{name: a, resources: {requests: {cpu: [1]}}}]}',
      '.spec.containers[name="a"].resources.requests.cpu: expected any scalar, got &{[1]}',
    ],
  ])('of a %s: %s', async (of, content, error) => {
    const [apiVersion, kind] = of.split(', Kind=')
    expect(await applied(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${content}\n`)).toBe(refused(
      `a; ${apiVersion.includes('/') ? '' : '/'}${of}`, error
    ))
  })
  test('what fits by its type may still not be what a field takes', async () => {
    expect(await applied('apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80, targetPort: {a: 1}}]}\n'))
      .toBe(
        'Error from server: failed to convert new object (default/a; /v1, Kind=Service) to proper version: unable to convert unstructured object to /v1, Kind=Service: json: cannot unmarshal object into Go value of type int32\n[1]'
      )
    expect(await applied('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: a}]}\n')).toBe(
      'The Pod "a" is invalid: spec.containers[0].name: Required value\n[1]'
    )
  })
})

describe('kubectl reads metadata itself', () => {
  test.each<[string, string]>([
    ['{name: web, labels: {a: 1}}', 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string'],
    ['{name: web, annotations: {a: true}}', 'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string'],
    ['{name: 5}', 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
    ['[a]', 'json: cannot unmarshal array into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta'],
    ['{name: web, finalizers: x}', 'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string'],
    [
      '{name: web, ownerReferences: [{name: x, controller: "yes"}]}',
      'json: cannot unmarshal string into Go struct field OwnerReference.metadata.ownerReferences.controller of type bool',
    ],
  ])('%s', async (metadata, why) => {
    for (const verb of ['apply', 'create', 'delete']) {
      expect(await says(`apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`, `kubectl ${verb} -f a.yaml`)).toBe(
        `error: unable to decode "a.yaml": ${why}\n[1]`
      )
    }
  })
  test('not that of the items of a List', async () => {
    const refused = 'cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string'
    expect(
      await says('apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: web, labels: {a: 1}}}]\n', 'kubectl create -f a.yaml')
    ).toContain(refused)
  })
})
