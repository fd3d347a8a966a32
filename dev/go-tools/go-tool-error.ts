export type GoToolErrorCode = 'GoMissing' | 'GoTooOld' | 'GoBuildFailed';

/** Why programs could not be built, and what to do about it. */
export class GoToolError extends Error {
  readonly code: GoToolErrorCode;
  readonly remedy: string;

  constructor(code: GoToolErrorCode, message: string, remedy: string) {
    super(`${message}\n${remedy}`);
    this.name = 'GoToolError';
    this.code = code;
    this.remedy = remedy;
  }
}
