/** What a row of a table says about the change that wrote it; the audit row of that number must say the same. */
export interface Claim {
  readonly seq: number;
  readonly action: string;
  readonly subjectId: string;
  /** Canonical JSON of what was put in force. */
  readonly after: string;
}
