import type { NewUser, Store, User, UserRepository, UserWithKey } from "../store/store.ts";

/** The users in memory, for the hot path. Edits go through it to the store; those of other processes are taken over. */
export interface UserDirectory extends Pick<UserRepository, "create" | "delete" | "rotateKey"> {
  /** By SHA-256 of the key, 64 hex digits. */
  byKeyHash(keyHash: string): User | undefined;
  byId(id: string): User | undefined;
  /** By name. */
  list(): readonly User[];
  /** Whether any user was ever created, also when all are deleted. */
  hasEverHadUsers(): boolean;
}

/** Reads the users; `await store.refresh()` before a look-up makes edits by other processes count at once. */
export async function createUserDirectory(store: Store): Promise<UserDirectory> {
  let users = await read(store);
  const reload = async () => {
    users = await read(store);
  };
  store.onExternalChange(reload);

  async function edited<Result>(edit: Promise<Result>): Promise<Result> {
    const result = await edit;
    await reload();
    return result;
  }

  return {
    byKeyHash: (keyHash) => users.byKeyHash.get(keyHash),
    byId: (id) => users.byId.get(id),
    list: () => users.list,
    hasEverHadUsers: () => users.hasEverExisted,
    create: (user: NewUser): Promise<UserWithKey> => edited(store.users.create(user)),
    delete: (name) => edited(store.users.delete(name)),
    rotateKey: (name) => edited(store.users.rotateKey(name)),
  };
}

async function read(store: Store) {
  const list = await store.users.list();
  return {
    list,
    byKeyHash: new Map(list.map((user) => [user.keyHash, user])),
    byId: new Map(list.map((user) => [user.id, user])),
    hasEverExisted: await store.users.hasEverExisted(),
  };
}
