import pc from "picocolors";

/** Colours for people; picocolors leaves them out where the output is no terminal or NO_COLOR is set. */
export const { bold, dim, red, green, yellow } = pc;
