export type ControlPlaneErrorCode =
  | 'AddressInUse'
  | 'ComponentDied'
  | 'InvalidUser'
  | 'KubectlFailed'
  | 'NotReady'
  | 'Stopped'
  | 'UnknownUser';

/** What went wrong with a control plane, at which component, and what to do about it. */
export class ControlPlaneError extends Error {
  readonly code: ControlPlaneErrorCode;
  readonly remedy: string;

  constructor(code: ControlPlaneErrorCode, message: string, remedy: string) {
    super(`${message}\n${remedy}`);
    this.name = 'ControlPlaneError';
    this.code = code;
    this.remedy = remedy;
  }
}
