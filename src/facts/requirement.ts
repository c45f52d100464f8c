/** How strongly a requirement is meant; the RFC 2119 words that FOCUS uses. */
export type Keyword = "MUST" | "MUST NOT" | "RECOMMENDED" | "SHOULD" | "SHOULD NOT" | "MAY";

const strengths = ["MUST", "RECOMMENDED", "SHOULD", "MAY"];

/** 0 for the strongest keyword, more for weaker ones; a prohibition is as strong as its opposite. */
export const keywordRank = (keyword: string): number => strengths.indexOf(keyword.replace(" NOT", ""));

/** Functions that look at one cell. */
export type CellFunction =
  | "TypeString"
  | "TypeDecimal"
  | "TypeDateTime"
  | "FormatString"
  | "FormatNumeric"
  | "FormatDateTime"
  | "FormatUnit"
  | "FormatCurrency"
  | "FormatKeyValue"
  | "CheckDecimalValue"
  | "CheckNationalCurrency";

/** Functions that look at one place of a JSON cell. */
export type PathFunction =
  | "FormatJSON"
  | "JSONCheckPathKeyExists"
  | "JSONCheckPathKeyValueFormat"
  | "JSONCheckPathNumericFormat"
  | "JSONCheckPathUnitFormat"
  | "JSONFormatString"
  | "JSONFormatNumeric"
  | "JSONFormatUnit";

/**
 * What a requirement asks of a delivery, in the words of FOCUS's requirement model. `ValuesIn` stands for a list of `CheckValue`,
 * `CustomColumnPrefix` for the one attribute rule about column names.
 */
export type Check =
  | { readonly fn: CellFunction; readonly column: string }
  | { readonly fn: PathFunction; readonly column: string; readonly path: string }
  | { readonly fn: "ColumnPresent"; readonly column: string }
  | {
      readonly fn: "CheckValue" | "CheckNotValue";
      readonly column: string;
      readonly value: string | number | null;
    }
  | {
      readonly fn: "ValuesIn";
      readonly columns: readonly string[];
      readonly values: readonly (readonly string[])[];
    }
  | { readonly fn: "CheckGreaterOrEqualThanValue"; readonly column: string; readonly value: number }
  | { readonly fn: "CheckSameValue" | "CheckNotSameValue"; readonly column: string; readonly other: string }
  | {
      readonly fn: "CheckDistinctCount";
      readonly column: string;
      readonly other: string;
      readonly count: number;
    }
  | {
      readonly fn: "ColumnByColumnEqualsColumnValue";
      readonly column: string;
      readonly other: string;
      readonly result: string;
    }
  | {
      readonly fn: "JSONCheckPathType";
      readonly column: string;
      readonly path: string;
      readonly type: string;
    }
  | {
      readonly fn: "JSONCheckPathKeyStartsWith";
      readonly column: string;
      readonly path: string;
      readonly prefix: string;
      readonly keys: readonly string[];
    }
  | {
      readonly fn: "JSONCheckPathValue" | "JSONCheckPathNotValue";
      readonly column: string;
      readonly path: string;
      readonly value: string | null;
    }
  | {
      readonly fn: "JSONCheckPathSameValue";
      readonly column: string;
      readonly path: string;
      readonly other: string;
    }
  | {
      readonly fn: "JSONCheckPathDistinctParent";
      readonly column: string;
      readonly path: string;
      readonly parentPath: string;
      readonly count: number;
    }
  | { readonly fn: "CustomColumnPrefix"; readonly prefix: string }
  | { readonly fn: "CheckModelRule"; readonly rule: string }
  | { readonly fn: "AND" | "OR"; readonly items?: readonly Check[]; readonly rules?: readonly string[] };

/** One rule of FOCUS's requirement model. */
export interface Requirement {
  readonly id: string;
  readonly entity: "Dataset" | "Column" | "Attribute" | "Object";
  /** The column, attribute or object it is about. */
  readonly about: string;
  readonly kind: "Composite" | "Presence" | "Type" | "Format" | "Nullability" | "Validation";
  readonly keyword: Keyword;
  /** Its normative text, shortened. */
  readonly text: string;
  /** Absent if no machine can check it. */
  readonly check?: Check;
  /** It asks something only of rows for which this holds. */
  readonly when?: Check;
  /** Rules it depends on, beyond those that its check lists. */
  readonly needs?: readonly string[];
  /** What a provider must support for the rule to apply. */
  readonly appliesIf?: readonly string[];
  readonly status?: "Removed" | "Deprecated";
  /** Why the check differs from the one in the published model. */
  readonly corrected?: string;
}

/** A published requirement model. */
export interface RequirementModel {
  /** The FOCUS version it is of. */
  readonly version: string;
  readonly rules: readonly Requirement[];
}
