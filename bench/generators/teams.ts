/** Teams whose namespaces, users and service accounts are in the cluster, and in the rules. */
export const TEAMS = [
  'payments',
  'checkout',
  'search',
  'catalog',
  'identity',
  'ledger',
  'fraud',
  'notify',
  'media',
  'analytics',
];
