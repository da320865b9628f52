/** The address of the Service kube-dns, the tenth of the range of Services. Source: cmd/kubeadm/app/constants (GetDNSIP) */
export const clusterDnsAddress = '10.96.0.10'
