import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Problem } from "#units/problems.ts";
import { refuseZeroByte } from "./zero-byte.ts";

/** Bills shrink to a twentieth or so; what grows 500 times is made to fill a disk. */
const MAX_RATIO = 500;
const RATIO_CHECKED_FROM_BYTES = 64 << 20;

/**
 * Unpacks a gzip file and checks it to its end, so that a cut-off or damaged delivery is known before any row of it is used. (The
 * engine also reads a plain file on all cores, a packed one on one.)
 * @throws Problem "compression-broken", "input-too-large", "csv-malformed", "disk-full"
 */
export async function unpackFile(file: string, name: string, bytes: number, target: string): Promise<void> {
  let written = 0;
  let zero = -1;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (zero < 0 && chunk.includes(0)) zero = written + chunk.indexOf(0);
      written += chunk.length;
      const bomb = written > RATIO_CHECKED_FROM_BYTES && written > bytes * MAX_RATIO;
      const problem = bomb ? tooLarge(name) : zero >= 0 ? new ZeroByte() : null;
      done(problem, chunk);
    },
  });
  try {
    await pipeline(
      createReadStream(file),
      createGunzip({ chunkSize: 1 << 20 }),
      guard,
      createWriteStream(target),
    );
  } catch (cause) {
    if (cause instanceof ZeroByte)
      await refuseZeroByte(createReadStream(file).pipe(createGunzip()), zero, name);
    throw unpackProblem(cause, name);
  }
}

class ZeroByte extends Error {}

const tooLarge = (name: string): Problem =>
  new Problem("input-too-large", `${name} unpacks to more than ${MAX_RATIO} times its size.`, {
    at: { file: name },
    hint: "If the file is sound, unpack it yourself and import what comes out.",
  });

function unpackProblem(cause: unknown, name: string): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new Problem("disk-full", `The disk is full while ${name} is unpacked.`, { cause });
  if (code?.startsWith("Z_") !== true) return cause;
  const how = code === "Z_BUF_ERROR" ? "ends before its end" : "is damaged";
  return new Problem("compression-broken", `${name}: the gzip file ${how}.`, { at: { file: name }, cause });
}
