import { MESSAGES, type MessageName } from "./messages.ts";

export interface Field {
  /** The camelCase name. */
  readonly name: string;
  /** As errors name it. */
  readonly snakeName: string;
  readonly type: string;
  readonly shape: "single" | "repeated" | "map";
}

/** Fields of a message by both spellings of their names. */
export type Descriptor = ReadonlyMap<string, Field>;

function fieldOf(name: string, notation: string): Field {
  const snakeName = toSnake(name);
  if (notation.startsWith("map:"))
    return { name, snakeName, type: notation.slice(4), shape: "map" };
  if (notation.endsWith("[]")) {
    return { name, snakeName, type: notation.slice(0, -2), shape: "repeated" };
  }
  return { name, snakeName, type: notation, shape: "single" };
}

/** `functionCall` → `function_call`. */
export function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function descriptorOf(fields: Readonly<Record<string, string>>): Descriptor {
  const descriptor = new Map<string, Field>();
  for (const [name, notation] of Object.entries(fields)) {
    const field = fieldOf(name, notation);
    descriptor.set(name, field);
    descriptor.set(field.snakeName, field);
  }
  return descriptor;
}

const DESCRIPTORS: ReadonlyMap<string, Descriptor> = new Map(
  Object.entries(MESSAGES).map(([name, fields]) => [name, descriptorOf(fields)]),
);

/** The descriptor of a message, `undefined` where the type is a scalar or an enum. */
export function descriptor(type: MessageName): Descriptor;
export function descriptor(type: string): Descriptor | undefined;
export function descriptor(type: string): Descriptor | undefined {
  return DESCRIPTORS.get(type);
}
