import { describeKind } from '../values/item-value.ts';
import { parseNetwork } from '../values/network.ts';
import { refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'an IPv4 or IPv6 network';

/** The field is an address in the network. */
export const cidr: ValueModifier = {
  kind: 'value',
  name: 'cidr',
  aliases: [],
  takes: TAKES,
  accepts: ['String'],
  first: true,
  apply(value) {
    if (value.kind !== 'String') return refuseKind('cidr', TAKES, describeKind(value.kind));
    const network = parseNetwork(value.raw);
    return network === undefined
      ? refuse('InvalidNetwork', `${JSON.stringify(value.raw)} is not a network.`)
      : { kind: 'Network', network };
  },
};
