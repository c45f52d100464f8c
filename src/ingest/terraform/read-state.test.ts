import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateSightings } from "./map.ts";
import { readState } from "./read-state.ts";
import { stateResources } from "./resources.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(value: unknown, encode = (text: string): string | Uint8Array => text) {
  const file = path.join(folder, "terraform.tfstate");
  await writeFile(file, encode(typeof value === "string" ? value : JSON.stringify(value)));
  return readState(file);
}

const instance = {
  id: "i-0123456789abcdef0",
  arn: "arn:aws:ec2:us-east-1:210000000021:instance/i-0123456789abcdef0",
  instance_type: "g5.xlarge",
  tags: { Name: "nb-atlas", owner: "r@x" },
  tags_all: { Name: "nb-atlas", owner: "r@x", team: "research" },
  user_data: "token=s3cr3t",
};
const state = {
  version: 4,
  terraform_version: "1.9.0",
  resources: [
    {
      module: "module.nb",
      mode: "managed",
      type: "aws_instance",
      name: "gpu",
      provider: `provider["registry.terraform.io/hashicorp/aws"]`,
      instances: [
        {
          index_key: "atlas",
          attributes: instance,
          sensitive_attributes: [[{ type: "get_attr", value: "user_data" }]],
        },
      ],
    },
    {
      mode: "managed",
      type: "aws_volume_attachment",
      name: "a",
      instances: [{ attributes: { volume_id: "vol-0123456789abcdef0", instance_id: instance.id } }],
    },
    {
      mode: "managed",
      type: "aws_ebs_volume",
      name: "data",
      instances: [{ attributes: { id: "vol-0123456789abcdef0", tags: null } }],
    },
    { mode: "data", type: "aws_ami", name: "x", instances: [{ attributes: { id: "ami-1" } }] },
    { mode: "managed", type: "aws_iam_role", name: "r", instances: [{ attributes: { id: "r" } }] },
  ],
};

describe("a state of version 4", () => {
  test("resources with their addresses, types and tags; sensitive values are not kept", async () => {
    const { form, resources } = await read(state);
    expect(form).toBe("state");
    expect(resources.map(({ address }) => address)).toContain(`module.nb.aws_instance.gpu["atlas"]`);
    expect(JSON.stringify(resources)).not.toContain("s3cr3t");
    const { sightings, passedOver } = stateSightings(resources);
    expect(passedOver).toBe(1);
    expect(sightings).toMatchObject([
      {
        ref: `module.nb.aws_instance.gpu["atlas"]`,
        name: "nb-atlas",
        place: "210000000021",
        declared: { owner: "r@x", team: "research" },
        traits: { kind: "aws_instance", instanceTypes: ["g5.xlarge"] },
      },
      { ref: "aws_ebs_volume.data", partOf: [instance.id] },
    ]);
    expect(sightings[0]?.ids).toContain(instance.id);
  });

  test("only what is looked for is kept, sensitive or not", async () => {
    const open = { ...state, resources: [{ ...state.resources[0], instances: [{ attributes: instance }] }] };
    const { sightings } = stateSightings((await read(open)).resources);
    expect(sightings).toHaveLength(1);
    expect(JSON.stringify(sightings)).not.toContain("s3cr3t");
  });
});

describe("the output of terraform show -json", () => {
  const shown = {
    format_version: "1.0",
    values: {
      root_module: {
        resources: [
          {
            address: "aws_autoscaling_group.train",
            mode: "managed",
            type: "aws_autoscaling_group",
            name: "train",
            values: { name: "train", tag: [{ key: "workload", value: "vision-train" }], password: "s3cr3t" },
            sensitive_values: { password: true, tag: [{}] },
          },
        ],
        child_modules: [
          {
            address: "module.ml",
            resources: [
              {
                address: "module.ml.google_compute_instance.gpu[0]",
                mode: "managed",
                type: "google_compute_instance",
                name: "gpu",
                values: {
                  id: "projects/p1/zones/z/instances/gpu",
                  project: "p1",
                  machine_type: "g2-standard-8",
                  labels: { team: "vision" },
                  guest_accelerator: [{ type: "nvidia-l4", count: 1 }],
                },
                sensitive_values: {},
              },
            ],
          },
        ],
      },
    },
  };
  test("modules are walked, pairs of tags and labels read, sensitive values not kept", async () => {
    const { form, resources } = await read(shown);
    expect(form).toBe("shown");
    expect(JSON.stringify(resources)).not.toContain("s3cr3t");
    expect(stateSightings(resources).sightings).toMatchObject([
      { declared: { workload: "vision-train" }, place: "root module" },
      {
        declared: { team: "vision" },
        place: "p1",
        traits: { gpus: 1, gpuType: "nvidia-l4", instanceTypes: ["g2-standard-8"] },
      },
    ]);
  });

  test("of a plan, what exists already; a plan of new things alone is refused", async () => {
    const prior = { ...shown, planned_values: {}, prior_state: shown };
    expect(await read(prior)).toMatchObject({ form: "prior", resources: [{}, {}] });
    await expect(read({ format_version: "1.0", planned_values: {} })).rejects.toMatchObject({
      code: "terraform-invalid",
    });
  });

  test("UTF-16 with its mark is decoded, without it refused", async () => {
    const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
    const marked = await read(shown, (text) => utf16(`\uFEFF${text}`));
    expect(marked.encoding).toBe("utf-16");
    expect(marked.resources).toHaveLength(2);
    await expect(read(shown, utf16)).rejects.toMatchObject({ code: "json-invalid" });
    await expect(read(shown, () => Buffer.from([0x7b, 0xff, 0x7d]))).rejects.toMatchObject({
      code: "encoding-unsupported",
    });
  });
});

test.each([
  ["[command]/bin/terraform show\n{}", "terraform-invalid"],
  ["{}", "terraform-invalid"],
  ["{} {}", "terraform-invalid"],
  ["[]", "terraform-invalid"],
  [`{"version":3,"terraform_version":"0.11.1"}`, "terraform-invalid"],
  [`{"version":4,"resources":[1]}`, "terraform-invalid"],
  [`{"version":4`, "json-invalid"],
])("%s is refused", async (text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code });
});

test("whatever a resource's attributes hold, it is kept or passed over, and nothing sensitive with it", () => {
  const value = fc.oneof(
    fc.constantFrom(null, 1, "x", "s3cr3t", [], {}),
    fc.array(fc.jsonValue()),
    fc.jsonValue(),
  );
  const names = fc.constantFrom(
    "id",
    "arn",
    "tags",
    "labels",
    "tag",
    "node_config",
    "root_block_device",
    "name",
  );
  const type = fc.constantFrom(
    "aws_instance",
    "aws_s3_bucket",
    "aws_volume_attachment",
    "constructor",
    "__proto__",
  );
  const attributes = fc.dictionary(names, value);
  fc.assert(
    fc.property(type, attributes, names, (kind, found, hidden) => {
      const instance = {
        attributes: { ...found, [hidden]: "s3cr3t-hidden" },
        sensitive_attributes: [[{ type: "get_attr", value: hidden }]],
      };
      const resource = { mode: "managed", type: kind, name: "r", instances: [instance] };
      const { resources } = stateResources({ version: 4, resources: [resource] }, "f");
      expect(resources).toHaveLength(1);
      const { sightings, passedOver } = stateSightings(resources);
      expect(JSON.stringify(sightings)).not.toContain("s3cr3t-hidden");
      expect(sightings.length > 0 || passedOver === 1 || kind === "aws_volume_attachment").toBe(true);
    }),
  );
});
