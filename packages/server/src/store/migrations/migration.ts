/** One step of the schema. A step that was released is never edited: a change is a new step. */
export interface Migration {
  /** `user_version` of the file afterwards. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
