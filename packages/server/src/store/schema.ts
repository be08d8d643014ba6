import type { AccountState, FailureClass, ModelFamily } from "@agp/core";

import type { SignatureKind } from "./signature-lookup.ts";

/** The tables as kysely sees them: one interface per table, columns as SQLite gives them back. Times are epoch ms. */

export interface Schema {
  readonly meta: MetaTable;
  readonly users: UsersTable;
  readonly accounts: AccountsTable;
  readonly account_limits: AccountLimitsTable;
  readonly sessions: SessionsTable;
  readonly signatures: SignaturesTable;
  readonly settings: SettingsTable;
  readonly requests: RequestsTable;
}

/** Facts about the file itself, as whether a user was ever created. */
export interface MetaTable {
  key: string;
  value: string;
}

export interface UsersTable {
  id: string;
  name: string;
  /** SHA-256 of the key, 64 hex digits. */
  key_hash: string;
  key_last_four: string;
  is_admin: 0 | 1;
  created_at: number;
  key_created_at: number;
}

export interface AccountsTable {
  id: string;
  /** Null: belongs to everybody. */
  owner_id: string | null;
  email: string;
  /** Encrypted with the data key, bound to the row's id. */
  refresh_token: string;
  project_id: string | null;
  /** 1: the user named the project; 0: the backend did. */
  project_is_chosen: 0 | 1;
  tier: string | null;
  status: AccountState["status"];
  status_reason: string | null;
  validation_url: string | null;
  rests_until: number | null;
  created_at: number;
  updated_at: number;
  last_used_at: number | null;
}

export interface AccountLimitsTable {
  account_id: string;
  model: string;
  until: number;
  class: FailureClass;
  repetition: number;
  source: string;
}

/** Which account and model a conversation is stuck to. */
export interface SessionsTable {
  key: string;
  account_id: string;
  model: string;
  updated_at: number;
}

/** One row per key by which a signature is found again (cloud-code §8.3). */
export interface SignaturesTable {
  /** As `SignatureLookup` has it. */
  key: string;
  kind: SignatureKind;
  family: ModelFamily;
  model: string;
  account_id: string | null;
  last_used_at: number;
  size_bytes: number;
  /** The signature; for the kind `signature` the text that it signs. */
  value: string;
}

export interface SettingsTable {
  key: string;
  /** JSON. */
  value: string;
}

export interface RequestsTable {
  id: string;
  started_at: number;
  user_id: string | null;
  /** As the client asked for it. */
  requested_model: string;
  model: string | null;
  account_id: string | null;
  is_stream: 0 | 1;
  status: number;
  error_code: string | null;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  thinking_tokens: number;
  first_token_ms: number | null;
  total_ms: number;
  /** JSON: one entry per attempt at the backend. */
  attempts: string;
  /** JSON: fields of the request that were left out. */
  dropped: string;
}
