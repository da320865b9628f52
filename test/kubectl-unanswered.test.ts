import { expect, test } from 'vitest'
import { terminal } from './support/transcript.ts'

/** How often kubectl says that nobody answers: once for each object that it was to see or change; counted at 1.35.4. */
test.each([
  ['delete pod a b c', 3], ['delete pod,svc a', 2], ['label pod a b x=y', 2], ['annotate pod a b x=y', 2], ['scale deploy a b --replicas=1', 2], ['get pod a b', 2], ['get pods,svc', 2], ['get pod/a svc/b', 2],
  ['describe pod a b', 2], ['rollout restart deploy a b', 2], ['rollout status deploy a', 1], ['set image deploy a b x=y', 2], ['taint node a b k=v:NoSchedule', 2], ['cordon a b', 1], ['delete pods --all', 1],
  ['wait --for=delete pod/a pod/b', 2], ['expose pod a b --port=1', 2], ['patch pod a -p {}', 1], ['logs a', 1],
])('kubectl %s', async (command, times) => {
  const { driver, type } = terminal()
  await type('$ kubectl get pods,svc,deploy,nodes')
  driver.inject('component-down', { component: 'kube-apiserver' })
  expect(await type(`$ kubectl ${command}`)).toBe([`$ kubectl ${command}`, ...Array(times).fill('! The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?'), '[1]'].join('\n'))
})
test('who has no server is told so once', async () => {
  const { type } = terminal()
  await type('$ kubectl config unset current-context')
  expect((await type('$ kubectl delete pod a b c')).split('\n').filter(line => line.includes('was refused - did')).length).toBe(1)
})
