// Imported as a whole, the client library brings every API of Kubernetes: 16 MB in a bundle, of which these names need
// 2.
export { CustomObjectsApi, KubeConfig, Observable, Watch } from '@kubernetes/client-node'
