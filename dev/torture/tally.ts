/** What was done. */
export interface Tally {
  kills: number;
  lostStates: number;
  takeOvers: number;
  freezes: number;
  gentleStops: number;
  apiServerRestarts: number;
  stalls: number;
  receiverKills: number;
  fullVolumes: number;
  gaps: number;
  deletedAlerts: number;
  triaged: number;
}

export function newTally(): Tally {
  return {
    kills: 0,
    lostStates: 0,
    takeOvers: 0,
    freezes: 0,
    gentleStops: 0,
    apiServerRestarts: 0,
    stalls: 0,
    receiverKills: 0,
    fullVolumes: 0,
    gaps: 0,
    deletedAlerts: 0,
    triaged: 0,
  };
}
