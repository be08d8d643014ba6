import type { Selectable } from "kysely";

import { absentForNull } from "./absent-for-null.ts";
import type { AccountsTable } from "./schema.ts";
import type { Account } from "./store.ts";

/** A row without its secret. */
export function toAccount(row: Selectable<AccountsTable>): Account {
  return absentForNull({
    id: row.id,
    email: row.email,
    ownerId: row.owner_id,
    projectId: row.project_id,
    projectIsChosen: row.project_is_chosen === 1,
    tier: row.tier,
    status: row.status,
    statusReason: row.status_reason,
    validationUrl: row.validation_url,
    restsUntil: row.rests_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastUsedAt: row.last_used_at,
  });
}
