import type { Answer } from "../answer/answer.ts";
import { withoutDirectives } from "./directives.ts";

/** A grounded answer, as `googleSearch` gives it; segment indices are UTF-8 bytes. Source: cloud-code §7.6, fixture 33. */
export function groundedAnswer(userText: string): Answer {
  const asked = /query:\s*(.+)/.exec(userText)?.[1] ?? userText;
  const query = withoutDirectives(asked).slice(0, 120).toWellFormed();
  const first = `Emulated finding about “${query}”.`;
  const second = "A second source agrees.";
  const firstBytes = Buffer.byteLength(first);
  return {
    items: [{ text: `${first} ` }, { text: second }],
    candidate: {
      groundingMetadata: {
        webSearchQueries: [query],
        searchEntryPoint: { renderedContent: "<div>Emulated search</div>" },
        groundingChunks: [chunk("ONE", "example.test"), chunk("TWO", "example.org")],
        groundingSupports: [
          {
            segment: { endIndex: firstBytes, text: first },
            groundingChunkIndices: [0],
          },
          {
            segment: {
              startIndex: firstBytes + 1,
              endIndex: firstBytes + 1 + Buffer.byteLength(second),
              text: second,
            },
            groundingChunkIndices: [0, 1],
          },
        ],
      },
    },
  };
}

function chunk(key: string, title: string) {
  const uri = `https://vertexaisearch.cloud.google.com/grounding-api-redirect/EMULATED-${key}`;
  return { web: { uri, title } };
}
