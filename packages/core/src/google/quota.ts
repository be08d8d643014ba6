/**
 * Quota figures of the three RPCs that tell them.
 *
 * Source: cloud-code §1.2, §1.6, §1.7 and §10.
 */
import { asFinite, asRecord, asRecords, asText, type JsonRecord } from "./read-json.ts";
import { parseRfc3339 } from "./timestamp.ts";

/** What one reading says about one model: a hint, never a proof. */
export interface QuotaFigure {
  /** 0..1; absent where the backend told none. */
  readonly remainingFraction?: number;
  /** Epoch ms; means little while the fraction is 1. */
  readonly resetAt?: number;
  /** Epoch ms. */
  readonly readAt: number;
}

export interface QuotaGroup {
  readonly displayName: string;
  readonly windows: readonly QuotaWindow[];
}

export interface QuotaWindow {
  readonly window: "5h" | "weekly" | "unknown";
  /** The backend's own id, `3p-weekly` …; empty where it told none. */
  readonly bucketId: string;
  readonly figure: QuotaFigure;
}

/**
 * The 5-hour window of each model in an answer of fetchAvailableModels, by model id. A model without figures is listed with
 * none.
 *
 * Source: cloud-code §1.6 and §10; fixture 72.
 */
export function readModelQuotas(answer: unknown, readAt: number): ReadonlyMap<string, QuotaFigure> {
  const models = asRecord(asRecord(answer)?.["models"]) ?? {};
  const quotas = new Map<string, QuotaFigure>();
  for (const [id, model] of Object.entries(models)) {
    const info = asRecord(asRecord(model)?.["quotaInfo"]) ?? {};
    quotas.set(id, readFigure(info, readAt));
  }
  return quotas;
}

/**
 * The buckets of an answer of retrieveUserQuota, by model id; of several for one model the scarcest counts.
 *
 * Source: cloud-code §1.2; fixture 73.
 */
export function readUserQuota(answer: unknown, readAt: number): ReadonlyMap<string, QuotaFigure> {
  const quotas = new Map<string, QuotaFigure>();
  for (const bucket of asRecords(asRecord(answer)?.["buckets"])) {
    const modelId = asText(bucket["modelId"]);
    if (modelId === undefined) continue;
    const figure = readFigure(bucket, readAt);
    const known = quotas.get(modelId);
    if (known === undefined || fractionOf(figure) < fractionOf(known)) quotas.set(modelId, figure);
  }
  return quotas;
}

/**
 * The groups of an answer of retrieveUserQuotaSummary, each with its weekly and 5-hour window.
 *
 * Source: cloud-code §1.7; fixture 73.
 */
export function readQuotaSummary(answer: unknown, readAt: number): readonly QuotaGroup[] {
  const record = asRecord(answer);
  const summary = asRecord(record?.["quotaSummary"]) ?? record;
  return asRecords(summary?.["groups"]).map((group) => ({
    displayName: asText(group["displayName"]) ?? "",
    windows: asRecords(group["buckets"]).map((bucket) => {
      const bucketId = asText(bucket["bucketId"]) ?? "";
      return { window: windowOf(bucket, bucketId), bucketId, figure: readFigure(bucket, readAt) };
    }),
  }));
}

/** proto3 omits zero: a reset time without a fraction is a window that is used up. */
function readFigure(fields: JsonRecord, readAt: number): QuotaFigure {
  const resetAt = parseRfc3339(asText(fields["resetTime"]) ?? "");
  const told = asFinite(fields["remainingFraction"]);
  const fraction = told ?? (resetAt === undefined ? undefined : 0);
  return {
    readAt,
    ...(fraction === undefined ? {} : { remainingFraction: Math.min(1, Math.max(0, fraction)) }),
    ...(resetAt === undefined ? {} : { resetAt }),
  };
}

/** Older answers lack the window: then the id tells. */
function windowOf(bucket: JsonRecord, bucketId: string): QuotaWindow["window"] {
  const window = bucket["window"];
  if (window === "5h" || window === "weekly") return window;
  if (bucketId.endsWith("-5h")) return "5h";
  return bucketId.endsWith("-weekly") ? "weekly" : "unknown";
}

function fractionOf(figure: QuotaFigure): number {
  return figure.remainingFraction ?? 1;
}
