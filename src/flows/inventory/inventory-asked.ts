import type { Sighting } from "#facts/sighting.ts";

/** Where to look, and which time of the charges. */
export interface InventoryAsked {
  readonly data: string;
  readonly kubernetes?: readonly string[];
  /** A live cluster's kubeconfig; answered by the reader that is handed in. */
  readonly kubeconfig?: string;
  readonly terraform?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
  /** Resources to name per currency, those that cost most; 20,000 by default. */
  readonly top?: number;
  readonly now: number;
}

/** What was looked at, for people. */
export interface Looked {
  readonly source: Sighting["source"];
  readonly what: string;
}
