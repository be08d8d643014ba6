import type { FunctionDeclaration, Schema } from "../google/generate-content.ts";

/** Tools that Anthropic defined and that the client executes; the backend knows them as ordinary functions. */
export type DefinedToolKind = "bash" | "text_editor" | "memory";

type DefinedFunction = Omit<FunctionDeclaration, "name">;

const text = (description: string): Schema => ({ type: "string", description });

const FILE_TEXT = text("Content of the file to create, for `create`.");
const OLD_STR = text("Text to replace, which has to occur exactly once, for `str_replace`.");
const NEW_STR = text("Text to put in its place, for `str_replace`.");
const INSERT_LINE: Schema = {
  type: "integer",
  description: "Line after which to insert, 0 for the beginning of the file, for `insert`.",
};
const INSERT_TEXT = text("Text to insert, for `insert`.");
const VIEW_RANGE: Schema = {
  type: "array",
  description: "First and last line to show, -1 for the end of the file, for `view`.",
  items: { type: "integer" },
};

const EDITOR_COMMANDS = ["view", "create", "str_replace", "insert"];

/** Versions of the text editor that can take back the last edit. */
const EDITORS_WITH_UNDO: ReadonlySet<string> = new Set([
  "text_editor_20241022",
  "text_editor_20250124",
]);

/**
 * Description and parameters of a tool that Anthropic defined; `type` is its versioned name. Its parameters are in the
 * backend's form already.
 *
 * Source: cloud-code §6.4.
 */
export function definedFunction(kind: DefinedToolKind, type: string): DefinedFunction {
  return DEFINED_FUNCTIONS[kind](type);
}

const DEFINED_FUNCTIONS = {
  bash: () => ({
    description: "Run commands in a persistent bash session.",
    parameters: {
      type: "object",
      properties: {
        command: text("The command to run; required unless the session is restarted."),
        restart: { type: "boolean", description: "True to restart the session." },
      },
    },
  }),
  text_editor: (type) => ({
    description: "View, create and edit text files.",
    parameters: {
      type: "object",
      properties: {
        command: {
          type: "string",
          description: "What to do.",
          enum: EDITORS_WITH_UNDO.has(type) ? [...EDITOR_COMMANDS, "undo_edit"] : EDITOR_COMMANDS,
        },
        path: text("Absolute path of the file or directory."),
        file_text: FILE_TEXT,
        old_str: OLD_STR,
        new_str: NEW_STR,
        insert_line: INSERT_LINE,
        insert_text: INSERT_TEXT,
        view_range: VIEW_RANGE,
      },
      required: ["command", "path"],
    },
  }),
  memory: () => ({
    description:
      "Store and read what is worth remembering, as files below /memories that outlive the conversation.",
    parameters: {
      type: "object",
      properties: {
        command: {
          type: "string",
          description: "What to do.",
          enum: ["view", "create", "str_replace", "insert", "delete", "rename"],
        },
        path: text("Path below /memories; for all commands but `rename`."),
        file_text: FILE_TEXT,
        old_str: OLD_STR,
        new_str: NEW_STR,
        insert_line: INSERT_LINE,
        insert_text: INSERT_TEXT,
        old_path: text("Path to rename, for `rename`."),
        new_path: text("The new path, for `rename`."),
        view_range: VIEW_RANGE,
      },
      required: ["command"],
    },
  }),
} as const satisfies Record<DefinedToolKind, (type: string) => DefinedFunction>;
