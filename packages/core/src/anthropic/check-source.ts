import { isBase64 } from "./base64.ts";
import { imageFormat } from "./image-size.ts";
import {
  FIELD_REQUIRED,
  isRecord,
  NOT_A_DICTIONARY,
  requireString,
  shown,
  unknownTag,
  within,
} from "./issue.ts";
import type { Issue, JsonRecord } from "./issue.ts";

const IMAGE_SOURCES = ["base64", "url", "file"];
const DOCUMENT_SOURCES = ["base64", "text", "content", "url", "file"];

const NO_FILES_API = "file sources are not supported: this server has no Files API, send base64";

const MEDIA_TYPES = {
  image: /^image\/(?:jpeg|png|gif|webp)$/,
  document: /^application\/pdf$/,
} as const;

const MEDIA_TYPE_MESSAGES = {
  image: "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
  document: "Input should be 'application/pdf'",
} as const;

/** Checks the `source` of an image block; the paths begin with `source`. Source: anthropic-messages §3.4. */
export function imageSourceIssue(block: JsonRecord): Issue | undefined {
  const source = block["source"];
  if (!isRecord(source)) return sourceTypeIssue(source);
  switch (source["type"]) {
    case "base64":
      return at("base64", base64Issue(source, "image"));
    case "url":
      return at("url", urlIssue(source));
    case "file":
      return at("file", { path: "", message: NO_FILES_API });
    default:
      return tagIssue(source, IMAGE_SOURCES);
  }
}

/**
 * Checks the `source` of a document block; the paths begin with `source`. Blocks inside a `content` source are checked by
 * `contentIssue`.
 *
 * Source: anthropic-messages §3.4.
 */
export function documentSourceIssue(
  block: JsonRecord,
  contentIssue: (content: unknown) => Issue | undefined,
): Issue | undefined {
  const source = block["source"];
  if (!isRecord(source)) return sourceTypeIssue(source);
  switch (source["type"]) {
    case "base64":
      return at("base64", base64Issue(source, "document"));
    case "text":
      return at("text", plainTextIssue(source));
    case "content":
      return at("content", contentSourceIssue(source, contentIssue));
    case "url":
      return at("url", urlIssue(source));
    case "file":
      return at("file", { path: "", message: NO_FILES_API });
    default:
      return tagIssue(source, DOCUMENT_SOURCES);
  }
}

function base64Issue(source: JsonRecord, kind: "image" | "document"): Issue | undefined {
  const missing = requireString(source, "media_type") ?? requireString(source, "data");
  if (missing !== undefined) return missing;
  // Both are strings by the line above.
  const mediaType = source["media_type"] as string;
  const data = source["data"] as string;
  if (!MEDIA_TYPES[kind].test(mediaType)) {
    return { path: "media_type", message: MEDIA_TYPE_MESSAGES[kind] };
  }
  if (data === "") return { path: "", message: `${kind} cannot be empty` };
  if (!isBase64(data)) return { path: "", message: "invalid base64 data" };
  return kind === "image" ? formatIssue(mediaType, data) : undefined;
}

/** Only a signature of another format counts as a mismatch: data that begins with none may still be an image. */
function formatIssue(mediaType: string, data: string): Issue | undefined {
  const format = imageFormat(data);
  if (format === undefined || format === mediaType) return undefined;
  const message = `Image does not match the provided media type ${mediaType}; its data is ${format}`;
  return { path: "", message };
}

function plainTextIssue(source: JsonRecord): Issue | undefined {
  const missing = requireString(source, "media_type") ?? requireString(source, "data");
  if (missing !== undefined) return missing;
  if (source["media_type"] === "text/plain") return undefined;
  return { path: "media_type", message: "Input should be 'text/plain'" };
}

function contentSourceIssue(
  source: JsonRecord,
  contentIssue: (content: unknown) => Issue | undefined,
): Issue | undefined {
  const content = source["content"];
  if (content === undefined) return { path: "content", message: FIELD_REQUIRED };
  return contentIssue(content);
}

function urlIssue(source: JsonRecord): Issue | undefined {
  const missing = requireString(source, "url");
  if (missing !== undefined) return missing;
  // A string by the line above.
  const url = source["url"] as string;
  if (/^https?:\/\/\S/i.test(url)) return undefined;
  return { path: "url", message: "Only HTTP and HTTPS URLs are supported" };
}

function sourceTypeIssue(source: unknown): Issue {
  return { path: "source", message: source === undefined ? FIELD_REQUIRED : NOT_A_DICTIONARY };
}

function tagIssue(source: JsonRecord, expected: readonly string[]): Issue {
  const missing = requireString(source, "type");
  if (missing !== undefined) return within("source", missing);
  return { path: "source", message: unknownTag(shown(String(source["type"])), expected) };
}

function at(tag: string, found: Issue | undefined): Issue | undefined {
  return found === undefined ? undefined : within(`source.${tag}`, found);
}
