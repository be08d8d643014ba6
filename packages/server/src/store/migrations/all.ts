import { initial } from "./0001-initial.ts";
import type { Migration } from "./migration.ts";

/** Every step, oldest first; versions count up from 1 without gaps. */
export const migrations: readonly Migration[] = [initial];
