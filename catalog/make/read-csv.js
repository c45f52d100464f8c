import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";

/** The rows of a CSV file by its header; lines that start with # are remarks. */
export const readCsv = async (file) => parse(await readFile(file), { columns: true, comment: "#", comment_no_infix: true, trim: true });
