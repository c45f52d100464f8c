import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Problem } from "#units/problems.ts";
import { invalid } from "./invalid.ts";
import type { OtlpLimits } from "./limits.ts";

/**
 * The body of a request, unpacked.
 * @param encoding the header Content-Encoding: gzip, identity or none
 * @param mostBytes unpacking stops there, so that a small body can't fill the memory
 * @throws Problem "input-too-large", "compression-broken"; "otlp-invalid" for another encoding
 */
export async function inflateBody(
  body: Uint8Array,
  encoding: string | undefined,
  mostBytes: number,
  limits: OtlpLimits,
): Promise<Buffer> {
  if (body.length > limits.bodyBytes) throw tooLarge("", limits.bodyBytes);
  const kind = encoding?.trim().toLowerCase() ?? "";
  if (kind !== "gzip") {
    if (kind !== "" && kind !== "identity")
      throw invalid(`the encoding ${JSON.stringify(kind)} is not read, gzip is`);
    if (body.length > mostBytes) throw tooLarge("", mostBytes);
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  try {
    return await promisify(gunzip)(body, { maxOutputLength: mostBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw tooLarge(" unpacked", mostBytes);
    throw new Problem("compression-broken", "The body is not whole gzip, as its Content-Encoding says.", {
      hint: "Send it again; a proxy may have unpacked it and kept the header.",
      cause,
    });
  }
}

const tooLarge = (how: string, bytes: number): Problem =>
  new Problem("input-too-large", `The body is${how} larger than ${Math.round(bytes / 2 ** 20)} MiB.`, {
    hint: "Send smaller batches, or fewer texts in attributes.",
  });
