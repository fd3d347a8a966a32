import { type Bodies, bodies } from './bodies.ts';
import { type Clock, clock } from './clock.ts';
import { type Cluster, cluster } from './cluster.ts';
import { type Requests, requests } from './requests.ts';
import { type Texts, texts } from './texts.ts';
import { type Actor, type Users, users } from './users.ts';

/** A cluster, and what it takes to send requests to it. */
export interface Scene {
  readonly texts: Texts;
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly users: Users;
  readonly bodies: Bodies;
  readonly request: Requests;
  /** A controller or an application. */
  readonly actor: () => Actor;
}

/** @param write takes each event that is logged. */
export function scene(seed: number, write: (event: object) => void): Scene {
  // In this order: each draws from the same random numbers.
  const random = texts(seed);
  const things = cluster(random);
  const time = clock(random);
  const people = users(random, things);
  const actor = (): Actor => {
    const r = random.rnd();
    return random.pick<Actor>(r < 0.55 ? people.CTRLS : r < 0.85 ? people.KCMS : people.PODSA);
  };
  return {
    texts: random,
    clock: time,
    cluster: things,
    users: people,
    bodies: bodies(random, time),
    request: requests(random, time, write),
    actor,
  };
}

/** A kind of request, by how often it comes. */
export type Row = readonly [weight: number, send: () => void];

/** What Pod Security Admission notes. */
export function PSA(ns: string): Readonly<Record<string, string>> {
  return {
    'pod-security.kubernetes.io/enforce-policy': `${ns.startsWith('kube-') ? 'privileged' : 'baseline'}:latest`,
  };
}
