import { errorInfo, googleError, retryInfo } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import { goDuration, protoDuration, timestamp } from "./durations.ts";
import type { QuotaVerdict } from "./meter.ts";

/** The 429 of a used-up window, with every detail. Source: cloud-code §9.3, fixture 50 "quota, every detail". */
export function quotaExhausted(
  verdict: Extract<QuotaVerdict, { kind: "exhausted" }>,
  model: string,
  now: number,
): Reply {
  const delayMs = Math.max(0, verdict.resetAt - now);
  const wholeSeconds = goDuration(Math.ceil(delayMs / 1000) * 1000);
  const message =
    verdict.window === "weekly"
      ? `Individual quota reached. Contact your administrator to enable overages. Resets in ${wholeSeconds}.`
      : `You have exhausted your capacity on this model. Your quota will reset after ${wholeSeconds}.`;
  const metadata = {
    uiMessage: "true",
    model,
    quotaResetDelay: goDuration(delayMs),
    quotaResetTimeStamp: timestamp(verdict.resetAt),
  };
  return googleError(429, message, {
    details: [
      errorInfo("QUOTA_EXHAUSTED", "cloudcode-pa.googleapis.com", metadata),
      retryInfo(protoDuration(delayMs)),
    ],
  });
}
