/** The scopes that a Cloud Code client asks for; the first two are indispensable. Source: cloud-code §2. */
export const SCOPES = [
  "https://www.googleapis.com/auth/cloud-platform",
  "https://www.googleapis.com/auth/userinfo.email",
  "https://www.googleapis.com/auth/userinfo.profile",
  "https://www.googleapis.com/auth/cclog",
  "https://www.googleapis.com/auth/experimentsandconfigs",
] as const;

export const INDISPENSABLE_SCOPES = SCOPES.slice(0, 2);
