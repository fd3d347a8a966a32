import type { AlertCount } from './alert-counts.ts';
import type { Load } from './load.ts';
import type { OperatorView } from './operator-view.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** What a disturbance works with. */
export interface Stage {
  readonly world: World;
  readonly view: OperatorView;
  readonly random: Random;
  readonly tally: Tally;
  /** What Alerts had counted when they were deleted. */
  readonly deleted: AlertCount[];
  readonly load: Load;
  /** Resolves when the Alerts count what the log says. Only while the load pauses. */
  readonly verified: () => Promise<void>;
  readonly say: (text: string) => void;
}
