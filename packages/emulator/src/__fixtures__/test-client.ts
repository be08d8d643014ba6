import { gunzipSync } from "node:zlib";
import { request as httpRequest } from "node:http";
import type { CloudCodeChunk, JsonObject } from "@agp/core";
import type { Emulator } from "../emulator.ts";

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** The parsed body; `undefined` where it is no JSON. */
  readonly json: any;
  /** Why the connection broke, if it did. */
  readonly broken: string | undefined;
  /** Sizes of the pieces in which the body came. */
  readonly pieces: readonly number[];
}

let requestNumber = 0;

/** A bare client of the backend: it repairs nothing and hides nothing. */
export class TestClient {
  readonly emulator: Emulator;
  readonly email: string;
  token: string;

  constructor(emulator: Emulator, email = "account1@example.test") {
    this.emulator = emulator;
    this.email = email;
    this.token = emulator.accessToken(email);
  }

  /** An envelope with a new request id around a request. */
  envelope(model: string, request: object, more: object = {}): JsonObject {
    requestNumber += 1;
    return {
      project: this.emulator.account(this.email).project,
      model,
      userAgent: "test",
      requestType: "agent",
      requestId: `agent-test-${requestNumber}`,
      request: request as JsonObject,
      ...more,
    };
  }

  /** A request with one user text. */
  say(model: string, text: string, more: object = {}): Promise<TestAnswer> {
    const contents = [{ role: "user", parts: [{ text }] }];
    return this.stream(this.envelope(model, { contents, ...more }));
  }

  stream(body: unknown, headers: Record<string, string> = {}): Promise<TestAnswer> {
    return this.call("streamGenerateContent?alt=sse", body, headers);
  }

  call(method: string, body: unknown, headers: Record<string, string> = {}): Promise<TestAnswer> {
    const payload = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return send(`${this.emulator.url}/v1internal:${method}`, "POST", payload, {
      authorization: `Bearer ${this.token}`,
      "content-type": "application/json",
      ...headers,
    });
  }
}

/** One HTTP call with everything that came back, also of a broken answer. */
export function send(
  url: string,
  method: string,
  body: string | Buffer | undefined,
  headers: Record<string, string> = {},
): Promise<TestAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (status: number, answerHeaders: TestAnswer["headers"], broken?: string): void => {
      const raw = Buffer.concat(chunks);
      const bytes =
        answerHeaders["content-encoding"] === "gzip" && broken === undefined ? gunzipSync(raw) : raw;
      const text = bytes.toString("utf8");
      resolve({
        status,
        headers: answerHeaders,
        bytes,
        text,
        json: parse(text),
        broken,
        pieces: chunks.map((chunk) => chunk.length),
      });
    };
    let head: { status: number; headers: TestAnswer["headers"] } = { status: 0, headers: {} };
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      head = { status: response.statusCode ?? 0, headers: response.headers };
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => finish(response.statusCode ?? 0, response.headers));
      response.on("error", (error) =>
        finish(response.statusCode ?? 0, response.headers, error.message),
      );
    });
    request.on("error", (error) => finish(head.status, head.headers, error.message));
    request.end(body);
  });
}

export function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The events of an SSE body. */
export function eventsOf(answer: TestAnswer): CloudCodeChunk[] {
  return answer.text
    .split("\r\n\r\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => JSON.parse(frame.slice("data: ".length)) as CloudCodeChunk);
}

/** All parts of an answer, in order. */
export function partsOf(answer: TestAnswer) {
  return eventsOf(answer).flatMap(
    (event) => event.response?.candidates?.[0]?.content?.parts ?? [],
  );
}

export function textOf(answer: TestAnswer): string {
  return partsOf(answer)
    .filter((part) => part.thought !== true)
    .map((part) => part.text ?? "")
    .join("");
}

export function callsOf(answer: TestAnswer) {
  return partsOf(answer).flatMap((part) => (part.functionCall ? [part] : []));
}

/** The parts of an answer as a client gives them back: thoughts and texts joined, signatures where they came. */
export function replay(answer: TestAnswer): JsonObject {
  const parts: Record<string, unknown>[] = [];
  for (const part of partsOf(answer)) {
    const last = parts.at(-1);
    const isRun =
      part.text !== undefined &&
      typeof last?.text === "string" &&
      last.thoughtSignature === undefined &&
      last.thought === part.thought;
    if (!isRun) {
      if (part.text !== "" || part.thoughtSignature !== undefined) parts.push({ ...part });
      continue;
    }
    last.text = `${String(last.text)}${part.text}`;
    if (part.thoughtSignature !== undefined) last.thoughtSignature = part.thoughtSignature;
  }
  return { role: "model", parts: parts as JsonObject[] };
}

/** The message of a refusal; for Claude's JSON-in-message the inner one. */
export function refusalOf(answer: TestAnswer): string {
  const { message } = answer.json.error as { message: string };
  return message.startsWith("{") ? JSON.parse(message).error.message : message;
}

export function declare(...names: string[]): object {
  const properties = { path: { type: "string" } };
  const functionDeclarations = names.map((name) => ({
    name,
    description: `The tool ${name}`,
    parameters: { type: "object", properties, required: ["path"] },
  }));
  return { tools: [{ functionDeclarations }] };
}

/** `accepted`, or what was said against the request. */
export function verdictOf(answer: TestAnswer): string {
  return answer.status === 200 ? "accepted" : refusalOf(answer);
}
