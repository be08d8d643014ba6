import { startEmulator } from "@agp/emulator";

/** What the other parts have to know of the emulated backend. */
export interface EmulatorReady {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly email: string;
  readonly refreshToken: string;
  readonly accessToken: string;
}

// One call kept: a long run must not make the backend's memory part of what is measured.
const emulator = await startEmulator({ keepRequests: 1 });
const [account] = emulator.accounts;
if (account === undefined) throw new Error("The emulator has no account");
const ready: EmulatorReady = {
  url: emulator.url,
  environment: emulator.environment,
  email: account.email,
  refreshToken: account.refreshToken,
  accessToken: emulator.accessToken(account.email),
};
process.on("disconnect", () => process.exit());
process.send?.(ready);
