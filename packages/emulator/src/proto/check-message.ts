import type { JsonObject, JsonValue } from "@agp/core";
import { isObject } from "../json.ts";
import { descriptor, type Field } from "./field.ts";
import type { MessageName } from "./messages.ts";
import { invalidValue, messageLabel, scalarProblem } from "./scalar.ts";

export interface Violation {
  /** Path in proto spelling, `request.contents[0]`; empty at the top. */
  readonly field: string;
  readonly description: string;
}

export interface CheckedMessage {
  readonly violations: readonly Violation[];
  /** The message in camelCase and without nulls; the input itself when it was so already. */
  readonly message: JsonObject;
}

/**
 * Checks a parsed body against a proto message as a proto-JSON gateway does: unknown names anywhere, wrong types, lists where
 * none belong, both spellings of one field, lone surrogates. Source: cloud-code rule 1, §9.3, §12.13–15.
 */
export function checkMessage(body: JsonObject, message: MessageName): CheckedMessage {
  const walk: Walk = { violations: [], isNormal: true };
  checkFields(body, message, "", walk);
  const normal = walk.isNormal || walk.violations.length > 0 ? body : normalise(body, message);
  return { violations: walk.violations, message: normal };
}

interface Walk {
  readonly violations: Violation[];
  /** Whether the input is all camelCase and free of nulls. */
  isNormal: boolean;
}

function checkFields(value: JsonObject, message: string, path: string, walk: Walk): void {
  const fields = descriptor(message);
  const seen = new Set<string>();
  for (const key in value) {
    const field = fields?.get(key);
    if (field === undefined) {
      report(walk, path, `Unknown name ${JSON.stringify(key)}${at(path)}: Cannot find field.`);
      continue;
    }
    if (field.name !== key || value[key] === null) walk.isNormal = false;
    if (seen.has(field.name)) {
      report(walk, path, `Invalid JSON payload received. Duplicate field ${key}${at(path)}.`);
    }
    seen.add(field.name);
    if (value[key] !== null) {
      checkField(value[key], field, key, path, walk);
    }
  }
}

function checkField(value: unknown, field: Field, key: string, parent: string, walk: Walk): void {
  const path = parent === "" ? field.snakeName : `${parent}.${field.snakeName}`;
  switch (field.shape) {
    case "single":
      if (Array.isArray(value) && field.type !== "any") {
        const name = JSON.stringify(key);
        const text = `Unknown name ${name}${at(parent)}: Proto field is not repeating, cannot start list.`;
        report(walk, parent, text);
        return;
      }
      checkValue(value, field.type, path, walk);
      return;
    case "repeated":
      if (!Array.isArray(value))
        report(walk, path, invalidValue(path, labelFor(field.type), value));
      else
        for (const [index, entry] of value.entries())
          checkValue(entry, field.type, `${path}[${index}]`, walk);
      return;
    case "map": {
      if (!isObject(value)) {
        report(walk, path, invalidValue(path, labelFor(field.type), value));
        return;
      }
      const entries = Object.values(value);
      for (const [index, entry] of entries.entries()) {
        checkValue(entry, field.type, `${path}[${index}].value`, walk);
      }
    }
  }
}

function checkValue(value: unknown, type: string, path: string, walk: Walk): void {
  if (typeof value === "string" && !value.isWellFormed()) {
    report(walk, path, `Invalid value at '${path}' (TYPE_STRING), invalid UTF-8: lone surrogate`);
    return;
  }
  if (descriptor(type) !== undefined) {
    if (isObject(value)) checkFields(value, type, path, walk);
    else report(walk, path, invalidValue(path, messageLabel(type), value));
    return;
  }
  const problem = scalarProblem(type, value, path);
  if (problem !== undefined) report(walk, path, problem);
  else if (type === "struct" || type === "any") checkFreeValue(value, path, walk);
}

/** Strings of a Struct must be UTF-8 as well. */
function checkFreeValue(value: unknown, path: string, walk: Walk): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) report(walk, path, `Invalid value at '${path}': lone surrogate`);
  } else if (typeof value === "object" && value !== null) {
    for (const entry of Object.values(value)) checkFreeValue(entry, path, walk);
  }
}

function labelFor(type: string): string {
  return descriptor(type) === undefined ? type.toUpperCase() : messageLabel(type);
}

function at(path: string): string {
  return path === "" ? "" : ` at '${path}'`;
}

function report(walk: Walk, field: string, text: string): void {
  const isUnknownName = text.startsWith("Unknown name");
  const description = isUnknownName ? `Invalid JSON payload received. ${text}` : text;
  walk.violations.push({ field, description });
}

function normalise(value: JsonObject, message: string): JsonObject {
  const fields = descriptor(message);
  const normal: Record<string, JsonValue> = {};
  for (const [key, entry] of Object.entries(value)) {
    const field = fields?.get(key);
    if (field === undefined || entry === null) continue;
    normal[field.name] = normaliseField(entry, field);
  }
  return normal;
}

function normaliseField(value: JsonValue, field: Field): JsonValue {
  if (descriptor(field.type) === undefined) return value;
  const one = (entry: JsonValue): JsonValue =>
    isObject(entry) ? normalise(entry, field.type) : entry;
  if (field.shape === "repeated" && Array.isArray(value)) return value.map(one);
  if (field.shape === "map" && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, one(entry)]));
  }
  return one(value);
}
