import pc from "picocolors";
import { forcesColor } from "./environment.ts";

// The library colours what is piped as well where the variable CI is set; a file or another program wants plain text there too.
const seen = process.stdout.isTTY || forcesColor();

/** Colours for people; left out where the output is no terminal or NO_COLOR is set, unless FORCE_COLOR asks for them. */
export const { bold, dim, red, green, yellow } = pc.createColors(seen && pc.isColorSupported);
