/** A text is no sequence of JSON values; what came before may have been taken. */
export class MalformedBody extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedBody';
  }
}
