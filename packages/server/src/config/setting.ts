import type { ZodType } from "zod";

/** One row of the table of settings: all that the parser, `--help` and the documents need to know. */
export interface Setting {
  readonly schema: ZodType;
  /** How a text of the environment or of a flag becomes a value. */
  readonly text: TextForm;
  /**
   * `anywhere`: flag, environment, file. `secret`: no flag, since a process list shows flags. `place`: no key of the file,
   * because it says where the file is. `file`: only a key of the file.
   */
  readonly sources: "anywhere" | "secret" | "place" | "file";
  /** The value when nobody says anything; absent where the server finds one (`defaultText` says which). */
  readonly default?: unknown;
  readonly defaultText?: string;
  /** The value, or a part of it, may be a secret: no message shows it. */
  readonly isSecret?: true;
  /** What is allowed, in words that end a sentence. */
  readonly allowed: string;
  readonly description: string;
}

export type TextForm = "text" | "number" | "list";

/** `maxWait` → `MAX_WAIT`. */
export function environmentName(key: string): string {
  return key.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

/** `maxWait` → `max-wait`. */
export function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The value of a text; what is no number stays a text, so that the schema refuses it with its own words. */
export function valueOfText(text: string, form: TextForm): unknown {
  switch (form) {
    case "text":
      return text;
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case "list":
      return text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
  }
}
