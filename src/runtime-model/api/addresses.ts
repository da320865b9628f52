/** The address at which the API server of the control plane's machine of this number listens, and what the Service `kubernetes` leads to. */
export const apiServerAddress = (index: number): string => `172.18.0.${index + 2}`
