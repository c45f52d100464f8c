import { once } from "node:events";
import { closeSync, createWriteStream, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { createGzip } from "node:zlib";

const CHUNK = 1 << 20;

/** Takes text and writes it in chunks of about a megabyte, so that memory stays flat whatever the size. */
export interface LineFile {
  readonly add: (text: string) => void;
  /** Waits until the file has taken what was added; call it now and then. */
  readonly settle: () => Promise<void>;
  /** @returns bytes written, before compression */
  readonly close: () => Promise<number>;
}

/** Opens a text file below a folder, compressed if its name ends in .gz. Texts must be ASCII. */
export function createLineFile(out: string, name: string): LineFile {
  const file = path.join(out, name);
  mkdirSync(path.dirname(file), { recursive: true });
  return name.endsWith(".gz") ? gzipFile(file) : plainFile(file);
}

function plainFile(file: string): LineFile {
  const descriptor = openSync(file, "w");
  const chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  let bytes = 0;
  const write = (text: Buffer): void => {
    for (let at = 0; at < text.length;) at += writeSync(descriptor, text, at);
    bytes += text.length;
  };
  const flush = (): void => {
    write(chunk.subarray(0, used));
    used = 0;
  };
  return {
    // Lines go straight into bytes: a long text made of pieces would have to be copied once more.
    add: (more) => {
      if (used + more.length > CHUNK) flush();
      if (more.length > CHUNK) write(Buffer.from(more, "latin1"));
      else used += chunk.write(more, used, "latin1");
    },
    settle: () => Promise.resolve(),
    close: () => {
      flush();
      closeSync(descriptor);
      return Promise.resolve(bytes);
    },
  };
}

function gzipFile(file: string): LineFile {
  // Level 4 is twice as fast as the default for a tenth more bytes. Node writes no time into the header.
  const gzip = createGzip({ level: 4, chunkSize: 1 << 18 });
  const target = createWriteStream(file);
  gzip.pipe(target);
  let text = "";
  let bytes = 0;
  let full = false;
  const flush = (): void => {
    bytes += text.length;
    full = !gzip.write(text, "latin1");
    text = "";
  };
  return {
    add: (more) => {
      text += more;
      if (text.length > CHUNK) flush();
    },
    settle: async () => {
      if (full) await once(gzip, "drain");
      full = false;
    },
    close: async () => {
      flush();
      gzip.end();
      await once(target, "close");
      return bytes;
    },
  };
}

/** Writes a small text file whole. */
export async function writeText(out: string, name: string, text: string): Promise<void> {
  const file = createLineFile(out, name);
  file.add(text);
  await file.close();
}
