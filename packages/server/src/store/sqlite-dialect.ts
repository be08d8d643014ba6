import type { Database } from "better-sqlite3";
import { CompiledQuery, SqliteDialect, SqliteDriver } from "kysely";
import type { DatabaseConnection, Driver, SqliteDatabase, SqliteStatement } from "kysely";

/** More distinct texts than our queries have; multi-row inserts of any length must not fill the memory. */
const MAX_CACHED_STATEMENTS = 256;

/**
 * Kysely over one better-sqlite3 connection. Two differences from kysely's own dialect: statements are prepared once, and
 * a transaction takes the write lock when it begins. A deferred one would take it at its first write and then fail with
 * SQLITE_BUSY, without waiting, when another process wrote in between.
 *
 * Source: sqlite.org/lang_transaction.html §2.2.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: Database, explain: (error: unknown) => unknown) {
    const cached = cacheStatements(database, explain);
    super({ database: cached });
    this.#database = cached;
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver({ database: this.#database });
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
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
