/**
 * Why a field that clients send is accepted and not passed on, a sentence for each rule. `docs/translation.md` shows this
 * table, and the request log names its rules. Except for the last two, a rule has the name of its field.
 *
 * Source: anthropic-messages §2.4, §3.1, §3.3–3.6, §3.8; cloud-code §4.3, §5.4, §6.1.
 */
export const IGNORED_FIELDS = {
  allowed_callers: "Every tool is called by the model directly.",
  allowed_domains: "Google Search takes no list of domains.",
  billing_policy: "Requests are not billed by Anthropic.",
  blocked_domains: "Google Search takes no list of domains.",
  block_binding: "Thinking blocks are checked by their signatures.",
  cache_control: "The backend caches prompt prefixes by itself.",
  caller: "Every tool is called by the model directly.",
  citations: "The backend has no citations of the client's documents.",
  clear_at: "Text of a system message stays where it stands.",
  compaction: "Asked for it is refused; null is nothing.",
  container: "Asked for it is refused; null is nothing.",
  context_management: "Clients do not depend on the edits that it asks for.",
  diagnostics: "The backend tells nothing about cache misses.",
  eager_input_streaming: "Arguments of a call come whole from the backend.",
  fallback_credit_token: "Requests are not billed by Anthropic.",
  fallbacks: "Fall-back is what model groups are for.",
  inference_geo: "The backend chooses where it runs.",
  input_examples: "Tools that Anthropic defined have a fixed description here.",
  max_characters: "Tools that Anthropic defined have fixed parameters here.",
  max_uses: "Google Search takes no limit of uses.",
  mcp_servers: "Asked for they are refused; an empty list is nothing.",
  metadata: "It names the session for this server and is not passed on.",
  response_inclusion: "Google Search has one form of result.",
  safeguards: "The backend has its own.",
  service_tier: "The backend has one tier.",
  speed: "The backend has one speed.",
  strict: "The backend checks arguments by its own rules.",
  task_budget: "The backend has no budget of a task.",
  thread: "Asked for it is refused; null is nothing.",
  toolset_name: "Toolsets run at Anthropic only.",
  transformations: "Images are passed on as they are.",
  user_location: "Google Search takes no location.",
  user_profile_id: "It belongs to an Anthropic account.",
  workspace_id: "It belongs to an Anthropic account.",
  sampling_of_older_version:
    "From anthropic-version 2026-10-21 on, the sampling parameters no longer exist.",
  unknown_field: "Clients gain fields with every release; one that is not known here is ignored.",
} as const satisfies Readonly<Record<string, string>>;

export type IgnoreRule = keyof typeof IGNORED_FIELDS;
