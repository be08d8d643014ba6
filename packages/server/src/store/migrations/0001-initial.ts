import type { Migration } from "./migration.ts";

export const initial: Migration = {
  version: 1,
  name: "initial",
  sql: `
    create table meta (
      key text primary key,
      value text not null
    ) strict, without rowid;

    create table users (
      id text primary key,
      name text not null,
      key_hash text not null unique,
      key_last_four text not null,
      is_admin integer not null check (is_admin in (0, 1)),
      created_at integer not null,
      key_created_at integer not null
    ) strict;
    create unique index users_by_name on users (lower(name));

    create table accounts (
      id text primary key,
      owner_id text references users (id) on delete cascade,
      email text not null,
      refresh_token text not null,
      project_id text,
      project_is_chosen integer not null check (project_is_chosen in (0, 1)),
      tier text,
      status text not null,
      status_reason text,
      validation_url text,
      rests_until integer,
      created_at integer not null,
      updated_at integer not null,
      last_used_at integer
    ) strict;
    create unique index accounts_by_owner_and_email on accounts (coalesce(owner_id, ''), lower(email));

    create table account_limits (
      account_id text not null references accounts (id) on delete cascade,
      model text not null,
      until integer not null,
      class text not null,
      repetition integer not null,
      source text not null,
      primary key (account_id, model)
    ) strict, without rowid;

    create table sessions (
      key text primary key,
      account_id text not null references accounts (id) on delete cascade,
      model text not null,
      updated_at integer not null
    ) strict, without rowid;
    create index sessions_by_account on sessions (account_id);
    create index sessions_by_time on sessions (updated_at);

    create table signatures (
      key text primary key,
      kind text not null,
      family text not null,
      model text not null,
      account_id text,
      last_used_at integer not null,
      size_bytes integer not null,
      value text not null
    ) strict;
    create index signatures_by_time on signatures (last_used_at, size_bytes);

    create table settings (
      key text primary key,
      value text not null
    ) strict, without rowid;

    create table requests (
      id text primary key,
      started_at integer not null,
      user_id text,
      requested_model text not null,
      model text,
      account_id text,
      is_stream integer not null check (is_stream in (0, 1)),
      status integer not null,
      error_code text,
      input_tokens integer not null,
      output_tokens integer not null,
      cache_read_tokens integer not null,
      thinking_tokens integer not null,
      first_token_ms integer,
      total_ms integer not null,
      attempts text not null,
      dropped text not null
    ) strict;
    create index requests_by_time on requests (started_at);
  `,
};
