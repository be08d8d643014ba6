export type * from "./accounts/account.ts";
export type * from "./answer/answer.ts";
export { startEmulator } from "./emulator.ts";
export type * from "./emulator.ts";
export type * from "./oauth/client.ts";
export type * from "./options.ts";
export type * from "./record/journal.ts";
