import { type Random, random, splitmix } from '../random.ts';
import { HUM, NSREAL } from './names.ts';

/** Random numbers, and what rules draw with them. */
export interface Draw extends Random {
  /** From `least` to `most` different values; one alone is itself. */
  readonly some: <T extends string | number>(values: readonly T[], least: number, most: number) => T | readonly T[];
  readonly uuid: () => string;
  readonly ns: () => string;
  readonly user: () => string;
}

export function draw(seed: number): Draw {
  const source = random(splitmix(seed));
  const { u32, int, chance, pick } = source;
  const some = <T extends string | number>(values: readonly T[], least: number, most: number): T | readonly T[] => {
    const count = Math.min(least + int(most - least + 1), values.length);
    const drawn = new Set<T>();
    while (drawn.size < count) drawn.add(pick(values));
    const [first] = drawn;
    return first !== undefined && drawn.size === 1 ? first : [...drawn];
  };
  const uuid = (): string => {
    let h = '';
    while (h.length < 32) h += u32().toString(16).padStart(8, '0');
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
  };
  const ns = (): string => (chance(0.3) ? pick(NSREAL) : `tenant-${int(400)}`);
  const user = (): string => {
    if (chance(0.35)) return `oidc:${pick(HUM)}@example.com`;
    if (chance(0.5)) return `oidc:user${int(3000)}@example.com`;
    return `system:serviceaccount:${ns()}:${pick(SERVICE_ACCOUNTS)}`;
  };
  return { ...source, some, uuid, ns, user };
}

const SERVICE_ACCOUNTS = ['default', 'builder', 'deployer', 'ci', 'app', 'argocd-server', 'prometheus-k8s'];
