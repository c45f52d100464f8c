import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Problem } from "#units/problems.ts";

/** Bills shrink to a twentieth or so; what grows 500 times is made to fill a disk. */
const MAX_RATIO = 500;
const RATIO_CHECKED_FROM_BYTES = 64 << 20;

/**
 * Unpacks a gzip file and checks it to its end, so that a cut-off or damaged delivery is known before any row of it is used. (The
 * engine also reads a plain file on all cores, a packed one on one.)
 * @throws Problem "compression-broken", "input-too-large", "disk-full"
 */
export async function unpackFile(file: string, name: string, bytes: number, target: string): Promise<void> {
  let written = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      const bomb = written > RATIO_CHECKED_FROM_BYTES && written > bytes * MAX_RATIO;
      done(
        bomb
          ? new Problem("input-too-large", `${name} unpacks to more than ${MAX_RATIO} times its size.`, {
              at: { file: name },
            })
          : null,
        chunk,
      );
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
    if (cause instanceof Problem) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOSPC")
      throw new Problem("disk-full", `The disk is full while ${name} is unpacked.`, { cause });
    if (code?.startsWith("Z_") === true) {
      const how = code === "Z_BUF_ERROR" ? "ends before its end" : "is damaged";
      throw new Problem("compression-broken", `${name}: the gzip file ${how}.`, {
        at: { file: name },
        cause,
      });
    }
    throw cause;
  }
}
