/** ASCII text that lies in memory, one byte a character, with room for whole vectors behind it. */
export class Text {
  constructor(
    readonly at: usize,
    public length: usize,
  ) {}
}

/** @param characters ASCII, at least four. */
export function text(characters: string): Text {
  const length = <usize>characters.length;
  const at = heap.alloc(length + 16);
  for (let i: usize = 0; i < length; i++) store<u8>(at + i, <u8>characters.charCodeAt(<i32>i));
  return new Text(at, length);
}
