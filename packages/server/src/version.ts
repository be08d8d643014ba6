/** Name and version by which the program names itself to every server (cloud-code §1.3, policy). */
export const VERSION = "0.1.0";
export const PRODUCT = "antigravity-claude-proxy";
export const USER_AGENT: string = `${PRODUCT}/${VERSION}`;
