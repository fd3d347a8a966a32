/** A file of the repository that a program writes: its path relative to the root, and what it should hold. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}
