import { expect, test } from 'vitest'
import { terminal } from './support/transcript.ts'

/** Tokens of ServiceAccounts: what they say, for whom they are good, and until when; all answers were seen at 1.35.4. */
const pod = {
  'old.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: old, annotations: { kubernetes.io/service-account.name: bot } }\ntype: kubernetes.io/service-account-token\n',
  'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: worker-1, containers: [{ name: c, image: nginx }] }\n',
}
const claims = (token: string): any => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
async function made({ type }: ReturnType<typeof terminal>, flags = ''): Promise<string> { return (await type(`$ kubectl create token bot ${flags}`)).split('\n')[1] }
async function cluster(): Promise<ReturnType<typeof terminal>> {
  const at = terminal({ files: pod })
  await at.type('$ kubectl create serviceaccount bot\n$ kubectl create role reader --verb=list --resource=pods\n$ kubectl create rolebinding reads --role=reader --serviceaccount=default:bot\n$ kubectl apply -f pod.yaml\n# 5s')
  return at
}

test('a token is a JSON Web Token that says whose it is', async () => {
  const at = await cluster(), token = await made(at, '--duration=2h'), { iat, exp, nbf, jti, ...said } = claims(token)
  const uidOf = (resource: string, namespace: string, name: string): string => at.driver.stored(resource, namespace, name)!.metadata.uid!
  const account = { name: 'bot', uid: uidOf('serviceaccounts', 'default', 'bot') }
  expect(said).toEqual({
    aud: ['https://kubernetes.default.svc.cluster.local'], iss: 'https://kubernetes.default.svc.cluster.local', sub: 'system:serviceaccount:default:bot',
    'kubernetes.io': { namespace: 'default', serviceaccount: account },
  })
  expect([exp - iat, nbf - iat, JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).alg, token.split('.')[2].length]).toEqual([7200, 0, 'RS256', 342])
  const bound = claims(await made(at, '--bound-object-kind=Pod --bound-object-name=web'))['kubernetes.io']
  expect([bound.pod, bound.node]).toEqual([{ name: 'web', uid: uidOf('pods', 'default', 'web') }, { name: 'worker-1', uid: uidOf('nodes', '', 'worker-1') }])
})
test('whoever brings it is the account, while it is good', async () => {
  const at = await cluster(), token = await made(at), as = async (command: string, by = token): Promise<string> => (await at.type(`$ kubectl ${command} --user=nobody --token=${by}`)).split('\n').slice(1).join('\n')
  await at.type('$ kubectl config set-credentials nobody')
  expect(await as('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('system:serviceaccount:default:bot')
  expect(await as('get pods -o name')).toBe('pod/web')
  expect(await as('get secrets')).toBe('! Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:default:bot" cannot list resource "secrets" in API group "" in the namespace "default"\n[1]')
  const others = await made(at, '--audience=vault'), refused = '! error: You must be logged in to the server (Unauthorized)\n[1]'
  expect(await as('get pods', others)).toBe(refused)
  const toPod = await made(at, '--bound-object-kind=Pod --bound-object-name=web')
  expect(await as('get pods -o name', toPod)).toBe('pod/web')
  await at.type('$ kubectl delete pod web --now')
  expect([await as('get pods', toPod), await as('get pods')]).toEqual([refused, '! No resources found in default namespace.'])
  await at.driver.advance(3_600_000)
  expect(await as('get pods')).toBe(refused)
})
test('a TokenReview says for whom it is good', async () => {
  const at = await cluster(), token = await made(at), others = await made(at, '--audience=vault')
  const review = async (spec: object): Promise<any> => (await at.driver.request({
    verb: 'create', group: 'authentication.k8s.io', version: 'v1', resource: 'tokenreviews', credentials: { user: 'admin', groups: ['system:masters'] }, userAgent: 'me',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec },
  })).body.status
  expect(await review({ token })).toMatchObject({
    authenticated: true, audiences: ['https://kubernetes.default.svc.cluster.local'],
    user: { username: 'system:serviceaccount:default:bot', groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'] },
  })
  expect(await review({ token: others, audiences: ['vault', 'x'] })).toMatchObject({ authenticated: true, audiences: ['vault'] })
  expect(await review({ token: others })).toEqual({
    error: '[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]]', user: {},
  })
  expect(await review({ token: 'abc' })).toEqual({ error: 'invalid bearer token', user: {} })
  expect(await review({ token: token.replace(/.$/, end => end === 'A' ? 'B' : 'A') })).toEqual({ error: 'invalid bearer token', user: {} })
})
test('that of a Secret is good for as long as the Secret is there', async () => {
  const at = await cluster()
  await at.type('$ kubectl apply -f old.yaml\n# 2s')
  const token = atob((at.driver.stored('secrets', 'default', 'old') as any).data.token)
  expect(claims(token)).toMatchObject({ iss: 'kubernetes/serviceaccount', 'kubernetes.io/serviceaccount/secret.name': 'old', sub: 'system:serviceaccount:default:bot' })
  await at.type('$ kubectl config set-credentials nobody')
  await at.driver.advance(100 * 24 * 3_600_000)
  expect(await at.type(`$ kubectl get pods -o name --user=nobody --token=${token}`)).toContain('pod/web')
  await at.type('$ kubectl delete secret old')
  expect(await at.type(`$ kubectl get pods -o name --user=nobody --token=${token}`)).toContain('You must be logged in to the server (Unauthorized)')
})
