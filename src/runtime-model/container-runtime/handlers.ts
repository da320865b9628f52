/** A machine knows what containerd is set up with when nothing else is: runc. (The reference runtime of bare worlds takes every handler.) */
export const onlyHandler = 'runc'
/** Source: containerd internal/cri/server/sandbox_run.go, internal/cri/config (GetSandboxRuntime) */
export const noHandlerText = (sandbox: string, handler: string): string =>
  `rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "${sandbox}": no runtime for "${handler}" is configured`
