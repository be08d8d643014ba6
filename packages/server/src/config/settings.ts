import type { Effort, TranslationSettings } from "@agp/core";
import * as z from "zod";

import type { Setting } from "./setting.ts";
import * as values from "./value-schemas.ts";

const HOUR_SECONDS = 3_600;

/** Source: cloud-code §5.1. */
const EFFORT_BUDGETS: TranslationSettings["effortBudgets"] = {
  claude: { low: 4096, medium: 10_000, high: 24_576, xhigh: 32_000, max: 32_000 },
  gemini: { low: 1000, medium: 4000, high: 10_000, xhigh: 10_000, max: 10_000 },
};

/** Every setting by its key in `config.json`. Order is the order of `--help` and of the documents. */
export const settings = {
  port: {
    schema: values.portNumber,
    text: "number",
    sources: "anywhere",
    default: 8080,
    allowed: "a port from 0 to 65535 (0: any free one)",
    description: "port that the server listens on",
  },
  host: {
    schema: values.hostName,
    text: "text",
    sources: "anywhere",
    default: "127.0.0.1",
    allowed: "a host name or an IP address",
    description: "address that the server listens on",
  },
  dataDir: {
    schema: z.string().min(1),
    text: "text",
    sources: "place",
    default: "./data",
    allowed: "a path",
    description: "where proxy.db, config.json and control.token lie",
  },
  auth: {
    schema: z.enum(["auto", "required", "open"]),
    text: "text",
    sources: "anywhere",
    default: "auto",
    allowed: "auto, required or open",
    description:
      "who needs a key; auto: nobody on a loopback address until the first user is created",
  },
  cloudCodeEndpoints: {
    schema: values.baseUrls,
    text: "list",
    sources: "anywhere",
    default: ["https://daily-cloudcode-pa.googleapis.com", "https://cloudcode-pa.googleapis.com"],
    allowed: "one or more http(s) URLs without a query",
    description: "base URLs of Cloud Code, the preferred one first",
  },
  geminiApiEndpoint: {
    schema: values.baseUrl,
    text: "text",
    sources: "anywhere",
    default: "https://generativelanguage.googleapis.com",
    allowed: "an http(s) URL without a query",
    description: "base URL of the Gemini Developer API",
  },
  maxWait: {
    schema: values.seconds({ min: 0, max: HOUR_SECONDS }),
    text: "number",
    sources: "anywhere",
    default: 120,
    allowed: "a number of seconds from 0 to 3600",
    description: "longest that one request waits for limits, in sum, in seconds",
  },
  maxInFlight: {
    schema: z.int().min(1).max(1000),
    text: "number",
    sources: "anywhere",
    default: 4,
    allowed: "a whole number from 1 to 1000",
    description: "requests in flight per account; more wait in a fair queue",
  },
  connectTimeout: timeout(10, "for a connection to the backend"),
  firstByteTimeout: timeout(120, "for the first byte of an answer"),
  idleTimeout: timeout(120, "between two bytes of an answer"),
  allowedHosts: {
    schema: values.hostNames,
    text: "list",
    sources: "anywhere",
    default: [],
    defaultText: "loopback names and the bound address, which are always allowed",
    allowed: "host names or addresses",
    description: "more names by which clients may call the server (their `Host` header)",
  },
  allowedOrigins: {
    schema: values.origins,
    text: "list",
    sources: "anywhere",
    default: [],
    allowed: "origins as https://example.com, without a path",
    description: "web pages that may call the server (their `Origin` header)",
  },
  dataKey: {
    schema: z.string().min(1),
    text: "text",
    sources: "secret",
    isSecret: true,
    defaultText: "secret.key in the data directory, made at first use",
    allowed: "any text; best 32 random bytes as base64",
    description: "key that the accounts' tokens are encrypted with",
  },
  googleOauthAuthUrl: oauthUrl("https://accounts.google.com/o/oauth2/v2/auth", "authorization"),
  googleOauthTokenUrl: oauthUrl("https://oauth2.googleapis.com/token", "token"),
  googleOauthUserinfoUrl: oauthUrl("https://www.googleapis.com/oauth2/v2/userinfo", "user info"),
  googleOauthClientId: {
    schema: values.headerValue,
    text: "text",
    sources: "anywhere",
    defaultText: "none",
    allowed: "the id of your OAuth client",
    description: "OAuth client that the accounts log in with",
  },
  googleOauthClientSecret: {
    schema: values.headerValue,
    text: "text",
    sources: "secret",
    isSecret: true,
    defaultText: "none",
    allowed: "the secret of your OAuth client",
    description: "secret of that OAuth client",
  },
  oauthCallbackPort: {
    schema: values.portNumber,
    text: "number",
    sources: "anywhere",
    default: 51_121,
    allowed: "a port from 0 to 65535 (0: any free one)",
    description: "port of the login's redirect; one that is taken gives way to a free one",
  },
  callbackHost: {
    schema: values.baseUrl,
    text: "text",
    sources: "anywhere",
    defaultText: "http://localhost with the callback port",
    allowed: "an http(s) URL without a query",
    description: "base URL of the login's redirect",
  },
  logLevel: {
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    text: "text",
    sources: "anywhere",
    default: "info",
    allowed: "trace, debug, info, warn, error, fatal or silent",
    description: "what is logged",
  },
  httpsProxy: proxy("https"),
  httpProxy: proxy("http"),
  noProxy: {
    schema: z.string().min(1),
    text: "text",
    sources: "anywhere",
    defaultText: "none",
    allowed: "host names with commas in between, or *",
    description: "hosts that are reached without a proxy",
  },
  modelAliases: {
    schema: z.record(values.modelId, values.modelId),
    text: "text",
    sources: "file",
    default: {},
    allowed: 'an object as {"claude-opus-*": "claude-opus-4-6-thinking"}',
    description: "names that clients send, also with *, and the model that answers",
  },
  smallModel: {
    schema: values.modelId,
    text: "text",
    sources: "file",
    defaultText: "a Gemini Flash",
    allowed: "the id of a model",
    description: "model that answers for Claude's Haiku names",
  },
  effortBudgets: {
    schema: z.strictObject({
      claude: effortBudgets(EFFORT_BUDGETS.claude),
      gemini: effortBudgets(EFFORT_BUDGETS.gemini),
    }),
    text: "text",
    sources: "file",
    default: EFFORT_BUDGETS,
    defaultText:
      "claude: low 4096, medium 10000, high 24576, xhigh and max 32000; gemini: low 1000, medium 4000, else 10000",
    allowed:
      'an object as {"claude": {"high": 24576}, "gemini": {"low": 1000}} with numbers of tokens',
    description: "thinking budget by effort, for adaptive thinking",
  },
  defaultClaudeBudget: {
    schema: values.tokens,
    text: "number",
    sources: "file",
    default: 24_576,
    allowed: "a whole number of tokens from 0 to 1000000",
    description: "thinking budget of Claude's adaptive thinking when no effort is given",
  },
  thinkingLevelModels: {
    schema: z.array(values.modelId),
    text: "list",
    sources: "file",
    default: [],
    allowed: "a list of model ids",
    description: "Gemini models that get a thinking level in place of a budget",
  },
  placeholderForEmptyObjects: {
    schema: z.boolean(),
    text: "text",
    sources: "file",
    default: true,
    allowed: "true or false",
    description: "give Claude's tools without parameters a required placeholder",
  },
  webSearchBesideTools: {
    schema: z.enum(["refuse", "drop"]),
    text: "text",
    sources: "file",
    default: "refuse",
    allowed: "refuse or drop",
    description: "web_search together with other tools: refuse the request, or drop the search",
  },
  userAgent: {
    schema: values.headerValue,
    text: "text",
    sources: "file",
    defaultText: "antigravity-claude-proxy/<version>",
    allowed: "one line of ASCII text",
    description: "User-Agent of requests to the backend",
  },
  extraHeaders: {
    schema: values.headers,
    text: "text",
    sources: "file",
    isSecret: true,
    default: {},
    allowed: "an object of header names and values; not Authorization, Host or those of the body",
    description: "headers that requests to the backend get besides",
  },
  ideType: {
    schema: z.string().regex(/^[A-Z0-9_]{1,64}$/),
    text: "text",
    sources: "file",
    default: "ANTIGRAVITY",
    allowed: "a name in capitals, as ANTIGRAVITY",
    description: "product whose entitlement is asked for (metadata.ideType)",
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

/** What the file leaves out keeps its default. */
function effortBudgets(defaults: Readonly<Record<Effort, number>>) {
  return z
    .strictObject({
      low: values.tokens.default(defaults.low),
      medium: values.tokens.default(defaults.medium),
      high: values.tokens.default(defaults.high),
      xhigh: values.tokens.default(defaults.xhigh),
      max: values.tokens.default(defaults.max),
    })
    .prefault({});
}

function timeout<Seconds extends number>(defaultSeconds: Seconds, purpose: string) {
  return {
    schema: values.seconds({ min: 0.001, max: HOUR_SECONDS }),
    text: "number",
    sources: "anywhere",
    default: defaultSeconds,
    allowed: "a number of seconds above 0, up to 3600",
    description: `longest wait ${purpose}, in seconds`,
  } as const satisfies Setting;
}

function oauthUrl(url: string, name: string) {
  return {
    schema: values.baseUrl,
    text: "text",
    sources: "anywhere",
    default: url,
    allowed: "an http(s) URL without a query",
    description: `OAuth ${name} endpoint`,
  } as const satisfies Setting;
}

function proxy(scheme: string) {
  return {
    schema: values.proxyUrl,
    text: "text",
    sources: "anywhere",
    isSecret: true,
    defaultText: "none",
    allowed: "an http(s) URL",
    description: `proxy for ${scheme} requests to the backend`,
  } as const satisfies Setting;
}
