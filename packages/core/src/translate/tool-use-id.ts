/** What Claude accepts when the id comes back. Source: cloud-code §4.2. */
const VALID_ID = /^[a-zA-Z0-9_-]+$/;

/**
 * The id of a call for the client: the backend's own when it is valid and not taken, else `toolu_` and a random one
 * (`randomId` gives 24 alphanumerics).
 *
 * Source: cloud-code §7.3.
 */
export function chooseToolUseId(
  upstreamId: unknown,
  isTaken: (id: string) => boolean,
  randomId: () => string,
): string {
  if (typeof upstreamId === "string" && VALID_ID.test(upstreamId) && !isTaken(upstreamId)) {
    return upstreamId;
  }
  return `toolu_${randomId()}`;
}
