import type { Alert } from '../../api/alert.generated.ts';
import { isNotFound } from '../../kube/index.ts';
import { CommandFailure } from '../failure.ts';
import { type AlertsConnection, allAlerts } from './connection.ts';

/** The Alerts of these names, each in full or as a part that no other name has. Throws a CommandFailure. */
export async function findAlerts(connection: AlertsConnection, names: readonly string[]): Promise<readonly Alert[]> {
  const found: Alert[] = [];
  let all: readonly Alert[] | undefined;
  for (const name of names) {
    const alert = await get(connection, name);
    if (alert === undefined) {
      all ??= await allAlerts(connection);
      found.push(
        onlyOne(
          name,
          all.filter(({ metadata }) => metadata.name.includes(name)),
        ),
      );
    } else found.push(alert);
  }
  return found;
}

async function get({ alerts }: AlertsConnection, name: string): Promise<Alert | undefined> {
  // Anything else would be no name of an object, and not worth a request.
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) throw new CommandFailure('AlertNotFound', name);
  try {
    return await alerts.get({ name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function onlyOne(name: string, candidates: readonly Alert[]): Alert {
  const [first, second] = candidates;
  if (first === undefined) throw new CommandFailure('AlertNotFound', name);
  if (second !== undefined) {
    const names = candidates.slice(0, 5).map(({ metadata }) => metadata.name);
    throw new CommandFailure(
      'AmbiguousAlert',
      name,
      `${candidates.length} Alerts have that in their names: ${names.join(', ')}.`,
    );
  }
  return first;
}
