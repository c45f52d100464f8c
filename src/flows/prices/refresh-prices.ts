import { randomUUID } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { PriceRow } from "#facts/price.ts";
import { priceBookText } from "#facts/price-book-text.ts";
import { MISSING_PERCENT, type PriceReview, reviewPrices } from "#facts/price-review.ts";
import type { WebIo } from "#ingest/prices/fetch-text.ts";
import { readAws } from "#ingest/prices/read-aws.ts";
import { AZURE_PRICES, readAzure } from "#ingest/prices/read-azure.ts";
import { formatInstant, type Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { refreshedBooks, refreshedFolder } from "./refreshed-books.ts";
import { shippedPrices } from "./shipped-catalogue.ts";

/** What to fetch, and how strictly to look at it. */
export interface RefreshAsked {
  readonly data: string;
  /** azure, or file:<path>. */
  readonly from: string;
  /** Regions to fetch of azure. */
  readonly regions: readonly string[];
  /** Takes what would be held or refused. */
  readonly accept: boolean;
  /** Address of a mirror of Azure's API. */
  readonly url?: string;
  readonly now: Instant;
}

/** What a refresh came to. */
export interface Refreshed extends PriceReview {
  readonly file: string;
}

const realIo: WebIo = {
  fetch: globalThis.fetch,
  sleep: (milliseconds) => setTimeout(milliseconds),
  timeout: 30_000,
};

/**
 * Fetches public prices, compares them with those in force, and writes what is taken to a file of its own. No earlier file is changed.
 * @throws Problem "prices-implausible" if far fewer prices came than there were; "prices-unreachable", "price-file-invalid" and others of
 * reading; "data-unwritable"
 */
export async function refreshPrices(
  asked: RefreshAsked,
  onProgress: (what: string, done: number) => void = () => {},
  io: WebIo = realIo,
): Promise<Refreshed> {
  const { provider, rows } = await readFrom(asked, onProgress, io);
  if (rows.length === 0)
    throw new Problem("price-file-invalid", `${asked.from} holds no price of a Linux machine by the hour.`);
  const former = [
    ...(await shippedPrices()),
    ...(await refreshedBooks(asked.data)).flatMap((book) => book.rows),
  ];
  const review = reviewPrices(former, rows, asked.accept);
  if (review.incomplete && !asked.accept) throw incomplete(asked, review);
  if (review.taken.length === 0)
    throw new Problem(
      "prices-implausible",
      `Every one of ${review.held.length} prices moved by more than 30 %.`,
    );
  const text = priceBookText(review.taken, review.held);
  return { ...review, file: await keep(refreshedFolder(asked.data), provider, asked.now, text) };
}

async function readFrom(
  { from, regions, url, now }: RefreshAsked,
  onProgress: (what: string, done: number) => void,
  io: WebIo,
): Promise<{ provider: string; rows: PriceRow[] }> {
  if (from.startsWith("file:")) {
    const file = path.resolve(from.slice("file:".length));
    return { provider: "aws", rows: await readAws(file, (lines) => onProgress("reading lines", lines)) };
  }
  if (from !== "azure")
    throw new Problem("option-invalid", `--from ${from} is neither azure nor file:<path>.`, {
      hint: "Write plimsoll prices refresh --from azure, or --from file:index.csv with a price list of AWS.",
    });
  const base = baseOf(url ?? AZURE_PRICES);
  const rows: PriceRow[] = [];
  for (const region of new Set(regions.map((each) => each.toLowerCase())))
    rows.push(
      ...(await readAzure(base, region, now, io, (pages) => onProgress(`pages of ${region}`, pages))),
    );
  return { provider: "azure", rows };
}

/** Prices decide about money, so they come over https; a mirror on this machine may do without. */
function baseOf(url: string): string {
  const base = URL.canParse(url) ? new URL(url) : undefined;
  const local = base?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(base.hostname);
  if (base?.protocol === "https:" || (base !== undefined && local)) return base.origin;
  throw new Problem("option-invalid", `--url ${url} is not an https address.`);
}

function incomplete({ from }: RefreshAsked, { missing, taken, held }: PriceReview): Problem {
  const got = taken.length + held.length;
  return new Problem(
    "prices-implausible",
    `${from} offers ${got} prices and lacks ${missing} that there were: more than ${MISSING_PERCENT} % of them.`,
  );
}

/** A new file in one step, and never in the place of another. */
async function keep(folder: string, provider: string, now: Instant, text: string): Promise<string> {
  const file = path.join(folder, `${provider}-${formatInstant(now).replaceAll(":", "-")}.json`);
  const temporary = path.join(folder, `.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, text, { flag: "wx" });
    await link(temporary, file);
    return file;
  } catch (cause) {
    throw new Problem("data-unwritable", `${file} can't be written.`, { at: { file }, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}
