/** The files changed their names while they were looked at. Nothing is wrong: look again. */
export class Unsettled extends Error {
  constructor() {
    super('the files of the log changed while they were looked at');
    this.name = 'Unsettled';
  }
}
