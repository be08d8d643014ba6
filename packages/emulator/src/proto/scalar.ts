import { isObject } from "../json.ts";
import { ENUMS } from "./messages.ts";

const INT32_MAX = 2_147_483_647;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const WHOLE_NUMBER = /^-?\d+$/;

const TYPE_LABELS: Readonly<Record<string, string>> = {
  string: "TYPE_STRING",
  bool: "TYPE_BOOL",
  int32: "TYPE_INT32",
  int64: "TYPE_INT64",
  double: "TYPE_DOUBLE",
  bytes: "TYPE_BYTES",
  struct: "type.googleapis.com/google.protobuf.Struct",
};

/** What is wrong with a scalar, enum or free value, in proto-JSON's words; `undefined` when it fits. */
export function scalarProblem(type: string, value: unknown, path: string): string | undefined {
  if (type === "bytes" && typeof value === "string" && !BASE64.test(value)) {
    return `Invalid value at '${path}' (TYPE_BYTES), Base64 decoding failed for ${preview(value)}`;
  }
  return fits(type, value) ? undefined : invalidValue(path, labelOf(type), value);
}

/** `Invalid value at 'path' (type), value`. */
export function invalidValue(path: string, label: string, value: unknown): string {
  return `Invalid value at '${path}' (${label}), ${preview(value)}`;
}

export function messageLabel(type: string): string {
  return `type.googleapis.com/google.internal.cloud.code.v1internal.${type}`;
}

function labelOf(type: string): string {
  return TYPE_LABELS[type] ?? messageLabel(type);
}

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case "any":
      return true;
    case "string":
    case "bytes":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int32":
      return isWhole(value) && Math.abs(Number(value)) <= INT32_MAX;
    case "int64":
      return isWhole(value);
    case "double":
      return typeof value === "number" || isNumeral(value);
    case "struct":
      return isObject(value);
    default:
      return isEnumValue(type, value);
  }
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === "string" && WHOLE_NUMBER.test(value));
}

function isNumeral(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

function isEnumValue(type: string, value: unknown): boolean {
  const known = ENUMS[type];
  if (known === undefined) return false;
  // Numbers of values that this table lacks are real too (ANTIGRAVITY is 9): proto-JSON takes any.
  if (typeof value === "number") return Number.isInteger(value) && value >= 0;
  if (typeof value !== "string") return false;
  return known.names.includes(known.anyCase ? value.toUpperCase() : value);
}

function preview(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
