import type {
  AccountState,
  FailureClass,
  ModelLimit,
  SignatureKeys,
  SignatureReader,
  SignatureRecord,
} from "@agp/core";

/**
 * What the program remembers. Asynchronous although SQLite's driver is not, so that PostgreSQL can stand behind it.
 *
 * Two kinds of writes. Edits (users, accounts, settings) are on disk when their promise resolves. Facts that pile up while
 * requests run (limits, sessions, signatures, requests, last use) return nothing, can be read at once, and reach the disk
 * within about 100 ms in batches; a full disk delays them, never a request.
 */
export interface Store {
  readonly users: UserRepository;
  readonly accounts: AccountRepository;
  readonly limits: LimitRepository;
  readonly sessions: SessionRepository;
  readonly signatures: SignatureRepository;
  readonly settings: SettingRepository;
  readonly requests: RequestRepository;
  /** Calls back after another process changed the data; the returned function ends it. A rejection is logged. */
  onExternalChange(listener: () => void | Promise<void>): () => void;
  /** Resolves when the listeners have dealt with all that other processes committed before the call. Costs microseconds. */
  refresh(): Promise<void>;
  /** Writes at once what waits to be written. Never throws: what fails is logged and goes on waiting. */
  flush(): Promise<void>;
  /** Flushes and closes; the store is of no use afterwards. */
  close(): Promise<void>;
}

export interface User {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key, 64 hex digits. */
  readonly keyHash: string;
  readonly keyLastFour: string;
  readonly isAdmin: boolean;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly keyCreatedAt: number;
}

/** A user and the key, which can be shown only now. */
export interface UserWithKey {
  readonly user: User;
  readonly key: string;
}

export interface UserRepository {
  /** Throws USER_NAME_INVALID or USER_EXISTS. The first user ever closes the `auto` mode of authentication for good. */
  create(user: NewUser): Promise<UserWithKey>;
  /** By name. */
  list(): Promise<readonly User[]>;
  /** Names compare without regard to case. */
  find(name: string): Promise<User | undefined>;
  findByKeyHash(keyHash: string): Promise<User | undefined>;
  /** Throws USER_NOT_FOUND. The user's own accounts go too, and come back for the message. */
  delete(name: string): Promise<{ readonly user: User; readonly accounts: readonly Account[] }>;
  /** Throws USER_NOT_FOUND. The old key stops working. */
  rotateKey(name: string): Promise<UserWithKey>;
  /** Whether any user was ever created, also when all are deleted. */
  hasEverExisted(): Promise<boolean>;
}

export interface NewUser {
  readonly name: string;
  readonly isAdmin?: boolean;
}

export interface Account {
  readonly id: string;
  readonly email: string;
  /** Absent: belongs to everybody. */
  readonly ownerId?: string;
  readonly projectId?: string;
  /** The user named the project; discovery must not replace it. */
  readonly projectIsChosen: boolean;
  readonly tier?: string;
  readonly status: AccountState["status"];
  readonly statusReason?: string;
  readonly validationUrl?: string;
  /** The whole account rests until then (epoch ms). */
  readonly restsUntil?: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly updatedAt: number;
  /** Epoch ms. */
  readonly lastUsedAt?: number;
}

export interface AccountRepository {
  /**
   * Adds an account, or gives the one with this e-mail and owner a new token: it is `active` again and keeps id, project and
   * history. Throws EMAIL_INVALID, REFRESH_TOKEN_INVALID or an error of the data key.
   */
  save(account: NewAccount): Promise<{ readonly account: Account; readonly isNew: boolean }>;
  /** Oldest first. */
  list(): Promise<readonly Account[]>;
  find(id: string): Promise<Account | undefined>;
  /** All with this e-mail, whoever owns them. */
  findByEmail(email: string): Promise<readonly Account[]>;
  /** `undefined` takes a field away. Resolves to undefined when the account is gone. */
  update(id: string, changes: AccountChanges): Promise<Account | undefined>;
  /** Undefined when the account is gone. Throws DATA_KEY_WRONG where it cannot be decrypted. */
  readRefreshToken(id: string): Promise<string | undefined>;
  /** The one that Google sent in place of the old one; nothing happens when the account is gone. */
  storeRefreshToken(id: string, refreshToken: string): Promise<void>;
  /** Written later. */
  markUsed(id: string, at: number): void;
  /** False when there was none. Limits and sessions go with it. */
  remove(id: string): Promise<boolean>;
}

export interface NewAccount {
  readonly email: string;
  readonly refreshToken: string;
  readonly ownerId?: string;
  /** Chosen by the user. */
  readonly projectId?: string;
}

export interface AccountChanges {
  readonly projectId?: string | undefined;
  readonly tier?: string | undefined;
  readonly status?: Account["status"];
  readonly statusReason?: string | undefined;
  readonly validationUrl?: string | undefined;
  readonly restsUntil?: number | undefined;
}

/** A model of an account that rests. */
export interface StoredLimit extends ModelLimit {
  readonly accountId: string;
  readonly model: string;
  readonly class: FailureClass;
  /** What told it, as the header, the body or our own default. */
  readonly source: string;
}

export interface LimitRepository {
  /** Also those in the past: their `repetition` still counts. */
  list(): Promise<readonly StoredLimit[]>;
  /** Written later. */
  set(limit: StoredLimit): void;
  /** Written later. Without a model: all of the account. */
  clear(accountId: string, model?: string): void;
}

/** Which account and model a conversation is stuck to. */
export interface StickySession {
  readonly key: string;
  readonly accountId: string;
  readonly model: string;
  /** Epoch ms. */
  readonly updatedAt: number;
}

export interface SessionRepository {
  /** Changed since that time (epoch ms), oldest first. */
  list(since: number): Promise<readonly StickySession[]>;
  find(key: string): Promise<StickySession | undefined>;
  /** Written later. */
  set(session: StickySession): void;
}

export interface SignatureRepository {
  /** Reads all that is known of these keys; the reader answers from memory. A failing disk gives what memory has. */
  load(keys: SignatureKeys): Promise<SignatureReader>;
  /** Written later, readable at once. */
  remember(records: readonly SignatureRecord[], accountId: string): void;
  /** After the backend refused them: cloud-code §8.4. */
  forget(keys: SignatureKeys): Promise<void>;
}

export interface SettingRepository {
  list(): Promise<ReadonlyMap<string, unknown>>;
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** One answered request, as statistics and the request log need it. No content, no secret. */
export interface RequestRecord {
  readonly id: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly userId?: string;
  readonly requestedModel: string;
  readonly model?: string;
  readonly accountId?: string;
  readonly isStream: boolean;
  /** HTTP status; 499 for a client that went away. */
  readonly status: number;
  readonly errorCode?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly thinkingTokens: number;
  readonly firstTokenMs?: number;
  readonly totalMs: number;
  /** JSON values. */
  readonly attempts: readonly unknown[];
  /** JSON values. */
  readonly dropped: readonly unknown[];
}

export interface RequestRepository {
  /** Written later. */
  append(record: RequestRecord): void;
  find(id: string): Promise<RequestRecord | undefined>;
  /** Newest first. */
  list(options: { readonly limit: number }): Promise<readonly RequestRecord[]>;
}
