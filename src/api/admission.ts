import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "#units/problems.ts";

/** How much is worked on at once; what is beyond is to be sent again. */
export interface AdmissionLimits {
  readonly requests: number;
  /** Of bodies as they are sent; one whose length is not told counts as a MiB. */
  readonly bytes: number;
}
export const admissionLimits: AdmissionLimits = { requests: 256, bytes: 256 * 2 ** 20 };

/** Lets requests in while there is room, and counts them out again. */
export class Admission {
  readonly #limits: AdmissionLimits;
  #requests = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits = admissionLimits) {
    this.#limits = limits;
  }

  /**
   * @returns to be called once, when the request has been answered or has gone
   * @throws Problem "server-busy"
   */
  enter(contentLength: string | undefined): () => void {
    const stated = Number(contentLength);
    const bytes = Number.isFinite(stated) && stated > 0 ? stated : 2 ** 20;
    if (
      this.#requests >= this.#limits.requests ||
      (this.#requests > 0 && this.#bytes + bytes > this.#limits.bytes)
    )
      throw new Problem("server-busy", `The server works on ${this.#requests} requests already.`);
    this.#requests++;
    this.#bytes += bytes;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#requests--;
      this.#bytes -= bytes;
    };
  }
}

/**
 * Compares a request's bearer token with the one that is wanted, in a time that tells nothing of either.
 * @throws Problem "token-wrong"
 */
export function checkToken(wanted: string | undefined, authorization: string | undefined): void {
  if (wanted === undefined) return;
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  if (timingSafeEqual(digest(given), digest(wanted))) return;
  throw new Problem(
    "token-wrong",
    given === "" ? "The request has no bearer token." : "The bearer token is not the server's.",
  );
}
