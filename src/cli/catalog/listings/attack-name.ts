import { currentTactics, tacticOf, techniqueOf } from '../../../catalog/index.ts';
import { CommandFailure } from '../../failure.ts';

/**
 * What rules are listed under by what a person wrote: the short name of a tactic (`Persistence`, `defense_evasion`, `TA0003`), or the id of a technique
 * (`t1053.003`). Throws a CommandFailure for what ATT&CK has never had.
 */
export function attackName(text: string): string {
  const name = text.trim().replaceAll(' ', '-');
  const byId = currentTactics().find(({ id }) => id === name.toUpperCase());
  const found = byId?.shortName ?? tacticOf(name)?.shortName ?? techniqueOf(name)?.id;
  if (found === undefined) throw new CommandFailure('UnknownTactic', text);
  return found;
}
