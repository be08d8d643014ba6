import type { Store, User } from "../store/store.ts";

/** The users by key hash, in memory: every request asks. */
export class UsersCache {
  readonly #store: Store;
  #byKeyHash = new Map<string, User>();
  #hasEverExisted = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads all users again; called at start and after every edit, also another process's. */
  async load(): Promise<void> {
    const users = await this.#store.users.list();
    this.#hasEverExisted = await this.#store.users.hasEverExisted();
    this.#byKeyHash = new Map(users.map((user) => [user.keyHash, user]));
  }

  find(keyHash: string): User | undefined {
    return this.#byKeyHash.get(keyHash);
  }

  get hasEverExisted(): boolean {
    return this.#hasEverExisted;
  }
}
