import { claudeError } from "../errors/claude-error.ts";
import { errorInfo, googleError, invalidArgument, retryInfo } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";

/** What the wording of an error names. */
export interface ErrorFacts {
  readonly model: string;
  readonly project: string;
}

const DOMAIN = "cloudcode-pa.googleapis.com";
const CHECK_QUOTA = "Resource has been exhausted (e.g. check quota).";
const EXHAUSTED = "You have exhausted your capacity on this model.";
const VALIDATION_URL = "https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=EMULATED";
const LEARN_MORE_URL = "https://support.google.com/accounts?p=al_alert";
const QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure";

function limited(
  message: string,
  reason: string,
  metadata?: Readonly<Record<string, string>>,
): Reply {
  return googleError(429, message, { details: [errorInfo(reason, DOMAIN, metadata)] });
}

function quotaFailure(message: string, quotaId: string): Reply {
  const quotaMetric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
  const details = [{ "@type": QUOTA_FAILURE, violations: [{ quotaId, quotaMetric }] }];
  return googleError(429, message, { details });
}

function denied(
  message: string,
  reason: string,
  domain = DOMAIN,
  metadata?: Readonly<Record<string, string>>,
): Reply {
  return googleError(403, message, { details: [errorInfo(reason, domain, metadata)] });
}

function validation(url: string): Reply {
  const message = "Verify your account to continue.";
  const metadata = {
    validation_error_message: message,
    validation_url_link_text: "Verify your account",
    validation_url: url,
    validation_learn_more_url: LEARN_MORE_URL,
  };
  const links = [
    { description: "Verify your account", url },
    { description: "Learn more", url: LEARN_MORE_URL },
  ];
  const help = { "@type": "type.googleapis.com/google.rpc.Help", links };
  return googleError(403, message, {
    details: [errorInfo("VALIDATION_REQUIRED", DOMAIN, metadata), help],
  });
}

function capacity(status: number, model: string): Reply {
  return googleError(status, `No capacity available for model ${model} on the server`, {
    details: [errorInfo("MODEL_CAPACITY_EXHAUSTED", DOMAIN, { model })],
  });
}

/** Whole error answers by name, for every row of cloud-code §9.3; wording as in fixtures 50–52. */
export const HTTP_ERRORS = {
  "429-quota": ({ model }) =>
    googleError(429, `${EXHAUSTED} Your quota will reset after 2h10m30s.`, {
      details: [
        errorInfo("QUOTA_EXHAUSTED", DOMAIN, {
          uiMessage: "true",
          model,
          quotaResetDelay: "2h10m30.5s",
        }),
        retryInfo("7830.5s"),
      ],
    }),
  "429-quota-weekly": ({ model }) =>
    googleError(
      429,
      "Individual quota reached. Contact your administrator to enable overages. Resets in 71h15m27s.",
      {
        details: [
          errorInfo("QUOTA_EXHAUSTED", DOMAIN, {
            uiMessage: "true",
            model,
            quotaResetDelay: "71h15m27.791609974s",
          }),
          retryInfo("256527.791609974s"),
        ],
      },
    ),
  "429-quota-metadata": ({ model }) =>
    limited(EXHAUSTED, "QUOTA_EXHAUSTED", { model, quotaResetDelay: "2h10m30.5s" }),
  "429-quota-text": () =>
    limited(`${EXHAUSTED} Your quota will reset after 1h2m3s.`, "QUOTA_EXHAUSTED", {}),
  "429-quota-no-delay": ({ model }) => limited(EXHAUSTED, "QUOTA_EXHAUSTED", { model }),
  "429-rate-ms": () =>
    limited(CHECK_QUOTA, "RATE_LIMIT_EXCEEDED", { quotaResetDelay: "754.431528ms" }),
  "429-rate-3s": () =>
    googleError(429, `${EXHAUSTED} Your quota will reset after 3s.`, {
      details: [retryInfo("3.957525076s"), errorInfo("RATE_LIMIT_EXCEEDED", DOMAIN, {})],
    }),
  "429-rate-header": () => ({
    ...limited(CHECK_QUOTA, "RATE_LIMIT_EXCEEDED", {}),
    headers: { "retry-after": "30" },
  }),
  "429-rate-no-delay": () => limited(CHECK_QUOTA, "RATE_LIMIT_EXCEEDED"),
  "429-capacity": ({ model }) => capacity(429, model),
  "429-bare": () => googleError(429, CHECK_QUOTA),
  "429-array": () => ({
    status: 429,
    body: [
      quotaFailure("Please retry in 14.5s.", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
        .body,
    ],
  }),
  "429-per-minute": () =>
    quotaFailure(CHECK_QUOTA, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
  "429-per-day": () =>
    quotaFailure(CHECK_QUOTA, "GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
  "429-credits": () => limited("Insufficient credits.", "INSUFFICIENT_G1_CREDITS_BALANCE"),
  "429-as-event-stream": () => ({
    ...limited(CHECK_QUOTA, "RATE_LIMIT_EXCEEDED", { quotaResetDelay: "2s" }),
    headers: { "content-type": "text/event-stream" },
  }),
  "400-invalid-argument": () => invalidArgument("Request contains an invalid argument."),
  "400-claude": () => claudeError("messages.0: emulated rejection"),
  "400-claude-signature": () =>
    claudeError("messages.1.content.0: Invalid `signature` in `thinking` block"),
  "400-gemini-signature": () => invalidArgument("Corrupted thought signature."),
  "400-claude-too-long": () => claudeError("prompt is too long: 202007 tokens > 200000 maximum"),
  "400-gemini-too-long": () =>
    invalidArgument(
      "The input token count (1058576) exceeds the maximum number of tokens allowed (1048576).",
    ),
  "400-payload": () => invalidArgument("Request payload size exceeds the limit: 20971520 bytes."),
  "400-location": () =>
    googleError(400, "User location is not supported for the API use.", {
      status: "FAILED_PRECONDITION",
    }),
  "401-expired": () =>
    googleError(401, "Request had invalid authentication credentials.", {
      headers: {
        "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
      },
      details: [errorInfo("ACCESS_TOKEN_EXPIRED", "googleapis.com", { service: DOMAIN })],
    }),
  "403-validation": () => validation(VALIDATION_URL),
  "403-validation-hostile": () => validation("https://accounts.google.com.evil.test/x"),
  "403-banned": () =>
    denied(
      "This service has been disabled in this account for violation of Terms of Service. Please submit an appeal to continue using this product.",
      "TOS_VIOLATION",
      DOMAIN,
      {
        uiMessage: "true",
        appeal_url_link_text: "Submit Appeal",
        appeal_url: "https://forms.gle/EMULATED",
      },
    ),
  "403-license": () =>
    denied(
      "You are currently configured to use a Google Cloud Project but lack a Gemini Code Assist license. Please contact your administrator to request a license. (#3501)",
      "SUBSCRIPTION_REQUIRED",
      "cloudaicompanion.googleapis.com",
    ),
  "403-service-disabled": ({ project }) =>
    denied(
      `Gemini for Google Cloud API has not been used in project ${project} before or it is disabled.`,
      "SERVICE_DISABLED",
      "googleapis.com",
      { service: "cloudaicompanion.googleapis.com" },
    ),
  "403-project": ({ project }) =>
    googleError(
      403,
      `Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/${project}/locations/global' (or it may not exist).`,
    ),
  "403-security-policy": () =>
    denied(
      "Request is prohibited by organization's policy.",
      "SECURITY_POLICY_VIOLATED",
      "googleapis.com",
    ),
  "403-plain": () => googleError(403, "The caller does not have permission"),
  "404-model": () => googleError(404, "Requested entity was not found."),
  "408-timeout": () => googleError(408, "Request timed out."),
  "413-html": () => ({ status: 413, body: "<html><title>413</title></html>" }),
  "499-cancelled": () => googleError(499, "The operation was cancelled."),
  "500-internal": () => googleError(500, "Internal error encountered."),
  "500-unknown": () => googleError(500, "Unknown Error.", { status: "UNKNOWN" }),
  "500-empty": () => ({ status: 500, body: "" }),
  "501-unimplemented": () => googleError(501, "Operation is not implemented."),
  "502-html": () => ({ status: 502, body: "<!DOCTYPE html><title>Error 502</title>" }),
  "503-unavailable": () => googleError(503, "The service is currently unavailable."),
  "503-capacity": ({ model }) => capacity(503, model),
  "503-capacity-text": ({ model }) =>
    googleError(503, `No capacity available for model ${model} on the server`),
  "503-plain": () => ({ status: 503, body: "Service Unavailable" }),
  "504-deadline": () => googleError(504, "Deadline expired before operation could complete."),
  "529-overloaded": () => googleError(529, "Overloaded"),
} as const satisfies Readonly<Record<string, (facts: ErrorFacts) => Reply>>;

export type HttpErrorName = keyof typeof HTTP_ERRORS;
