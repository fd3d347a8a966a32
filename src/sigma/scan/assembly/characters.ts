// Characters of JSON that mean something to the reader.

export const LINE_BREAK: u8 = 0x0a;
export const SPACE: u8 = 0x20;
export const QUOTE: u8 = 0x22;
export const PLUS: u8 = 0x2b;
export const COMMA: u8 = 0x2c;
export const MINUS: u8 = 0x2d;
export const DOT: u8 = 0x2e;
export const COLON: u8 = 0x3a;
export const UPPER_E: u8 = 0x45;
export const ZULU: u8 = 0x5a;
export const OPEN_LIST: u8 = 0x5b;
export const BACKSLASH: u8 = 0x5c;
export const CLOSE_LIST: u8 = 0x5d;
export const OPEN_MAP: u8 = 0x7b;
export const CLOSE_MAP: u8 = 0x7d;
