import { z } from "zod";
import { ruleStrengths } from "#facts/attribution.ts";
import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { splitMethods } from "#facts/split.ts";

const name = z.string().trim().min(1).max(200);
const key = z.enum(attributionKeyNames);

const tagSchema = z
  .strictObject({
    values: z
      .array(name)
      .max(10_000)
      .optional()
      .describe(
        "the values that count; a tag with another one is attributed by rules, as if it were not there",
      ),
    aliases: z
      .record(name, name)
      .optional()
      .describe("another spelling: the value that it means; case, blanks, _ and - never matter"),
  })
  .describe("how the tag's value is understood");

const rule = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "an id has small letters, digits and hyphens, at most 63")
    .describe("named in reports beside what the rule attributed"),
  when: z
    .array(z.string().max(2000))
    .min(1)
    .max(50)
    .describe("filters as plimsoll report --where takes them; all must hold of what was delivered"),
  set: z
    .partialRecord(key, name)
    .refine((values) => Object.keys(values).length > 0, "a rule sets at least one key")
    .describe("what the charge is attributed to"),
  strength: z
    .enum(ruleStrengths)
    .default("rule")
    .describe(
      "override goes before the tag, rule where no valid tag is, guess where nothing else says anything",
    ),
  from: z.string().optional().describe("charges from this day or time on"),
  until: z.string().optional().describe("charges before this day or time"),
});

const share = z.union([z.string(), z.number()]).transform(String);

const split = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "an id has small letters, digits and hyphens, at most 63")
    .describe("named in statements beside what the split gave"),
  key: key.default("team").describe("the key whose values give and get"),
  from: name.describe("the value whose cost is given away, with what earlier splits gave it"),
  method: z.enum(splitMethods).default("proportional"),
  by: z
    .string()
    .default("EffectiveCost")
    .describe("what a proportional split goes by: a measure of plimsoll report"),
  to: z
    .array(name)
    .min(1)
    .max(500)
    .optional()
    .describe("who gets it; everyone with cost of their own if absent"),
  shares: z.record(name, share).optional().describe("weights of a fixed split, such as search: 40"),
});

const filters = z
  .array(z.string().max(2000))
  .max(50)
  .default([])
  .describe("filters as plimsoll report --where takes them; all must hold");

const unitCost = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "an id has small letters, digits and hyphens, at most 63")
    .describe("named in reports"),
  cost: z
    .strictObject({
      from: z
        .enum(["charges", "calls"])
        .default("charges")
        .describe("charges: EffectiveCost of bills; calls: calls to models × their prices"),
      where: filters,
      statement: z
        .strictObject({ key: key.default("team"), value: name })
        .optional()
        .describe(
          "what one bears of whole months with its part of shared cost, instead of charges that pass filters",
        ),
    })
    .prefault({})
    .describe("what is divided"),
  per: z
    .strictObject({
      outcome: name.optional().describe("a kind of outcome, such as resolved-ticket"),
      signal: name
        .optional()
        .describe("a counter or histogram of plimsoll signals --list, such as requests_finished"),
      count: z
        .enum(["calls", "tokens", "input-tokens", "output-tokens"])
        .optional()
        .describe("of calls to models"),
      where: filters,
    })
    .refine(
      ({ outcome, signal, count }) =>
        [outcome, signal, count].filter((each) => each !== undefined).length === 1,
      "name one of outcome, signal and count",
    )
    .describe("what it is divided by"),
  unit: z
    .enum(["1", "1k", "1M"])
    .or(z.literal(1).transform(() => "1" as const))
    .default("1")
    .describe("per one, per thousand or per million"),
});

/** What `plimsoll.yaml` holds. */
export const configurationSchema = z.strictObject({
  attribution: z
    .strictObject({
      production: z
        .array(name)
        .max(100)
        .default(["production", "prod"])
        .describe("environments that are production; every other one is research and development"),
      gate: z
        .int()
        .min(0)
        .max(100)
        .optional()
        .describe(
          "per cent of what was billed that must name a team before optimisation is more than a guess; 80 if absent",
        ),
      keys: z.partialRecord(key, tagSchema).default({}).describe("the tag schema"),
      rules: z.array(rule).max(1000).default([]).describe("in order: the first that holds wins, key by key"),
    })
    .prefault({})
    .describe("who owns a charge"),
  unitCosts: z.array(unitCost).max(200).default([]).describe("what one of something costs"),
  splits: z.array(split).max(100).default([]).describe("in order: what serves everyone is paid by everyone"),
});

/** What a configuration says, its defaults filled in. */
export type Configuration = z.infer<typeof configurationSchema>;
