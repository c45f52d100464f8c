import { describe, expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { readAttribution } from "./read-attribution.ts";

const read = (text: string): ReturnType<typeof readAttribution> => readAttribution(text, "plimsoll.yaml");

function problemOf(text: string): Problem {
  try {
    read(text);
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    throw cause;
  }
  throw new Error("Nothing was refused.");
}

const rules = (...lines: readonly string[]): string =>
  `attribution:\n  rules:\n${lines.map((line) => `    ${line}\n`).join("")}`;

test("rules, tag schema and times are read, with their defaults", () => {
  const { attribution, lineOfCondition } = read(`attribution:
  keys:
    team: { values: [search], aliases: { saerch: search } }
  rules:
    - id: nat
      when: ["ServiceName=Amazon VPC", '!tag:team?']
      set: { team: platform, workloadType: pipeline }
      from: 2026-06-01
      until: 2026-07-01T12:00:00+02:00
`);
  expect(attribution).toEqual({
    production: ["production", "prod"],
    schema: { team: { values: ["search"], aliases: { saerch: "search" } } },
    rules: [
      {
        id: "nat",
        strength: "rule",
        when: [
          { kind: "is", dimension: { kind: "column", column: "ServiceName" }, values: ["Amazon VPC"] },
          { kind: "missing", dimension: { kind: "tag", key: "team" } },
        ],
        set: { team: "platform", workloadType: "pipeline" },
        from: Date.UTC(2026, 5, 1),
        until: Date.UTC(2026, 6, 1, 10),
      },
    ],
  });
  expect(lineOfCondition(0, 1)).toBe(6);
});

describe("one clear answer with its line", () => {
  test.each<[string, string, RegExp]>([
    [
      "an unknown column",
      rules("- id: a", '  when: ["ServiceNam=x"]', "  set: { team: b }"),
      /line 4: rule a: There is no column "ServiceNam"\. Did you mean ServiceName/,
    ],
    [
      "what is no filter",
      rules("- id: a", "  when: [hello]", "  set: { team: b }"),
      /line 4: rule a: "hello" is not a filter/,
    ],
    [
      "a column that rules decide",
      rules("- id: a", '  when: ["TeamBasis=tag"]', "  set: { team: b }"),
      /line 4: .*x_TeamBasis is decided by rules/,
    ],
    [
      "a key that is none",
      rules("- id: a", '  when: ["ServiceName?"]', "  set: { teem: b }"),
      /line 5: .*set/,
    ],
    [
      "a rule that sets nothing",
      rules("- id: a", '  when: ["ServiceName?"]', "  set: {}"),
      /line 5: .*at least one key/,
    ],
    [
      "a rule without conditions",
      rules("- id: a", "  when: []", "  set: { team: b }"),
      /line 4: attribution\.rules\[1\]\.when/,
    ],
    [
      "a name that no object can have",
      "attribution:\n  keys:\n    team:\n      aliases: { __proto__: a }\n",
      /line 4: __proto__ can't be a name/,
    ],
    ["an unknown word", "attribution:\n  rulez: []\n", /line 2: attribution .*rulez.* Did you mean rules/],
    ["a word twice", "attribution:\n  rules: []\n  rules: []\n", /line 3: column 3: Map keys must be unique/],
    ["broken YAML", "attribution:\n  rules: [\n", /line [23]: column/],
    [
      "a time without a zone",
      rules("- id: a", '  when: ["ServiceName?"]', "  set: { team: b }", "  from: 2026-06-01T10:00:00"),
      /line 6: rule a: /,
    ],
    [
      "an end before the start",
      rules(
        "- id: a",
        '  when: ["ServiceName?"]',
        "  set: { team: b }",
        "  from: 2026-06-02",
        "  until: 2026-06-01",
      ),
      /line 7: rule a ends before it starts/,
    ],
    [
      "two rules of one id at the same time",
      rules(
        '- { id: a, when: ["ServiceName?"], set: { team: b }, until: 2026-07-01 }',
        '- { id: a, when: ["ServiceName?"], set: { team: c }, from: 2026-06-30 }',
      ),
      /line 4: rule a is in force already: the one in line 3/,
    ],
    [
      "an alias of nothing",
      "attribution:\n  keys:\n    team:\n      values: [a]\n      aliases: { b: c }\n",
      /line 5: b means c, which is no value of team/,
    ],
    [
      "an alias that is a value itself",
      "attribution:\n  keys:\n    team:\n      values: [a, c]\n      aliases: { A: c }\n",
      /line 5: A is a value of team itself/,
    ],
    [
      "aliases without end",
      `a: &a [x]\n${Array.from({ length: 30 }, (_, index) => `k${index}: &k${index} [*${index === 0 ? "a" : `k${index - 1}`}, *${index === 0 ? "a" : `k${index - 1}`}]\n`).join("")}`,
      /aliases without end/,
    ],
  ])("%s", (_, text, message) => {
    const problem = problemOf(text);
    expect(problem.code).toBe("config-invalid");
    expect(problem.message).toMatch(message);
  });

  test("a day that is none is told with how a day is written, not with the options of a report", () => {
    const problem = problemOf(
      rules("- id: a", '  when: ["ServiceName?"]', "  set: { team: b }", "  from: 2026-02-30"),
    );
    expect(problem.message).toMatch(/line 6: rule a: "2026-02-30.*" is not a date of the calendar/);
    expect(problem.hint).toMatch(/^Write a day such as 2026-07-01/);
  });

  test("a rule may change over time under its id", () => {
    const text = rules(
      '- { id: a, when: ["ServiceName?"], set: { team: b }, until: 2026-07-01 }',
      '- { id: a, when: ["ServiceName?"], set: { team: c }, from: 2026-07-01 }',
    );
    expect(read(text).attribution.rules).toHaveLength(2);
  });

  test("all faults of the form are told at once", () => {
    const problem = problemOf("attribution:\n  rulez: []\n  production: 3\n");
    expect(problem.others).toHaveLength(1);
  });

  test("a file of more than a mebibyte is refused unread", () =>
    expect(problemOf(`#${"x".repeat(1024 * 1024)}\n`).message).toMatch(/larger than 1 MiB/));
});
