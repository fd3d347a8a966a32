/** A set of programs that one of our Go modules (a `go.mod` with `tool` lines, no code) pins and builds. */
export interface GoTools {
  /** Names the cache folder and appears in messages: `control-plane`. */
  readonly name: string;
  /** The folder with `go.mod` and `go.sum`. It is never written to. */
  readonly moduleDirectory: string;
  readonly programs: readonly GoProgram[];
  readonly buildTags?: readonly string[];
  /** Linker flags besides `-s -w`. */
  readonly linkerFlags?: readonly string[];
  /** What a person has to expect of a build from nothing: `7 to 11 minutes`. */
  readonly estimate: string;
}

export interface GoProgram {
  /** The file name that it gets in the cache. */
  readonly name: string;
  /** The import path of its main package. */
  readonly package: string;
}

/** Go's command, wherever the PATH has it. */
export const GO_COMMAND = 'go';

/** The oldest Go release that can build the modules. */
export const MINIMUM_GO = { major: 1, minor: 26 } as const;
