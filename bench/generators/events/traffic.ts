import { weighted } from '../random.ts';
import { abuse } from './abuse.ts';
import { controllers } from './controllers.ts';
import { heartbeats } from './heartbeats.ts';
import { intrusions } from './intrusions.ts';
import { others } from './others.ts';
import { reads } from './reads.ts';
import type { Scene } from './scene.ts';
import { workloads } from './workloads.ts';

/** The share of requests that somebody should look at. */
const SUSPICIOUS = 0.012;

/** Sends a request, each time another one. */
export function traffic(scene: Scene): () => void {
  const { texts } = scene;
  const benign = weighted(
    texts,
    [heartbeats, reads, controllers, workloads, others].flatMap((rows) => rows(scene)),
  );
  const suspicious = weighted(
    texts,
    [intrusions, abuse].flatMap((rows) => rows(scene)),
  );
  return () => (texts.chance(SUSPICIOUS) ? suspicious : benign)()();
}
