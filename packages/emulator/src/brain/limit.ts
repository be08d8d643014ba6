import type { Answer, AnswerItem } from "../answer/answer.ts";
import { tokensOfText } from "../answer/count-tokens.ts";

const CHARS_PER_TOKEN = 4;

export interface OutputLimits {
  readonly maxOutputTokens?: number;
  readonly stopSequences?: readonly string[];
}

/** Cuts an answer at the first stop sequence and at `maxOutputTokens` (then with `MAX_TOKENS`). Source: cloud-code §5, §7.4. */
export function limitAnswer(answer: Answer, limits: OutputLimits): Answer {
  const stopped = stopAt(answer, limits.stopSequences ?? []);
  const items: AnswerItem[] = [];
  let left = limits.maxOutputTokens ?? Infinity;
  for (const item of stopped.items) {
    const needed = tokensOfItem(item);
    if (needed > left) {
      const cut = cutItem(item, left * CHARS_PER_TOKEN);
      const finishReason = answer.finishReason === undefined ? "MAX_TOKENS" : answer.finishReason;
      return { ...stopped, items: cut ? [...items, cut] : items, finishReason };
    }
    left -= needed;
    items.push(item);
  }
  return stopped;
}

function stopAt(answer: Answer, stops: readonly string[]): Answer {
  for (const [index, item] of answer.items.entries()) {
    if (!("text" in item)) continue;
    const found = stops.map((stop) => item.text.indexOf(stop)).filter((position) => position >= 0);
    if (found.length === 0) continue;
    const text = item.text.slice(0, Math.min(...found));
    const before = answer.items.slice(0, index);
    return { ...answer, items: text === "" ? before : [...before, { text }] };
  }
  return answer;
}

function tokensOfItem(item: AnswerItem): number {
  if ("text" in item) return tokensOfText(item.text);
  if ("thought" in item) return tokensOfText(item.thought);
  if ("call" in item) return tokensOfText(item.call.name + JSON.stringify(item.call.args ?? {}));
  return 0;
}

/** A text or thought cut short (a thought then lacks its signature), `undefined` for what comes whole or not at all. */
function cutItem(item: AnswerItem, chars: number): AnswerItem | undefined {
  if (chars <= 0) return undefined;
  if ("text" in item) return { text: item.text.slice(0, chars).toWellFormed() };
  if ("thought" in item) {
    return { thought: item.thought.slice(0, chars).toWellFormed(), signature: "none" };
  }
  return undefined;
}
