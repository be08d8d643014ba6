import { setTimeout } from "node:timers/promises";

import { UserError } from "@agp/core";
import type { Database } from "better-sqlite3";
import { CompiledQuery, SqliteDialect, SqliteDriver } from "kysely";
import type {
  DatabaseConnection,
  Driver,
  QueryResult,
  SqliteDatabase,
  SqliteStatement,
} from "kysely";

/** More distinct texts than our queries have; multi-row inserts of any length must not fill the memory. */
const MAX_CACHED_STATEMENTS = 256;

/** How long a write waits for another process's. Their transactions take milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
const FIRST_BUSY_WAIT_MS = 1;
const MAX_BUSY_WAIT_MS = 25;

/**
 * Kysely over one better-sqlite3 connection. Differences from kysely's own dialect: statements are prepared once, and a
 * transaction takes the write lock when it begins. A deferred one would take it at its first write and then fail with
 * SQLITE_BUSY, without waiting, when another process wrote in between. And waiting for a lock does not stop the event loop, as
 * SQLite's own waiting would: streams go on meanwhile.
 *
 * Source: sqlite.org/lang_transaction.html §2.2.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: Database;
  readonly #cached: SqliteDatabase;

  constructor(database: Database, explain: (error: unknown) => unknown) {
    const cached = cacheStatements(database, explain);
    super({ database: cached });
    this.#database = database;
    this.#cached = cached;
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#database, this.#cached);
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #database: Database;

  constructor(database: Database, cached: SqliteDatabase) {
    super({ database: cached });
    this.#database = database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new PatientConnection(await super.acquireConnection());
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // After SQLITE_FULL and its like, SQLite has rolled back by itself; a second time would fail and hide the first error.
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Tries again while another process holds the lock. A statement that was refused so has done nothing. */
class PatientConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const deadline = performance.now() + BUSY_TIMEOUT_MS;
    for (let waitMs = FIRST_BUSY_WAIT_MS; ; waitMs = Math.min(waitMs * 2, MAX_BUSY_WAIT_MS)) {
      try {
        return await this.#connection.executeQuery<Row>(query);
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
      }
      await setTimeout(waitMs);
    }
  }

  streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
  ): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery<Row>(query, chunkSize);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof UserError && error.code === "DATABASE_BUSY";
}

function cacheStatements(database: Database, explain: (error: unknown) => unknown): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => void database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= MAX_CACHED_STATEMENTS) statements.clear();
      const statement = explaining(() => prepare(database, sql, explain), explain);
      statements.set(sql, statement);
      return statement;
    },
  };
}

function prepare(
  database: Database,
  sql: string,
  explain: (error: unknown) => unknown,
): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.reader,
    all: (parameters) => explaining(() => statement.all(...parameters), explain),
    run: (parameters) => explaining(() => statement.run(...parameters), explain),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}

function explaining<T>(action: () => T, explain: (error: unknown) => unknown): T {
  try {
    return action();
  } catch (error) {
    throw explain(error);
  }
}
