import { jsonTexts, parseJson } from "#ingest/nesting.ts";
import { readTextFile, type TextFile } from "#ingest/text-file.ts";
import { Problem } from "#units/problems.ts";
import { stateResources, type TerraformState } from "./resources.ts";

const MAX_STATE_BYTES = 256 * 2 ** 20;

/** A state that was read, and how its text was written. */
export interface ReadState extends TerraformState {
  readonly file: string;
  readonly encoding: TextFile["encoding"];
}

/**
 * Reads `terraform.tfstate` or the output of `terraform show -json`; UTF-16 with a byte order mark is decoded.
 * @throws Problem "source-not-found", "source-empty", "encoding-unsupported", "json-invalid", "terraform-invalid", "input-too-large"
 */
export async function readState(file: string): Promise<ReadState> {
  const { text, encoding } = await readTextFile(file, MAX_STATE_BYTES);
  if (text.trimStart().startsWith("[command]"))
    throw new Problem(
      "terraform-invalid",
      `${file} is no Terraform state: a wrapper's own line comes first.`,
      {
        at: { file, line: 1 },
        hint: "Set terraform_wrapper: false in hashicorp/setup-terraform, and write the output again.",
      },
    );
  const values = jsonTexts(text, file);
  if (values.length !== 1)
    throw new Problem("terraform-invalid", `${file} holds ${values.length} JSON values, not one state.`, {
      at: { file },
    });
  return { file, encoding, ...stateResources(parseJson(values[0] ?? "", file), file) };
}
