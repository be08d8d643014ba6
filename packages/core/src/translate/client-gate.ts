/**
 * Canned texts that the backend sends with HTTP 200 in place of an answer, when it does not serve this client version or
 * model. They are recognised only when they are the whole text, so a model may quote one.
 *
 * Source: cloud-code §9.3, class `client_gate`, and §12.9.
 */
interface GateText {
  readonly start: string;
  /** Text that follows within `reach` characters. */
  readonly marker: string;
  readonly reach: number;
}

const GATE_TEXTS: readonly GateText[] = [
  { start: "This version of Antigravity is no longer supported", marker: "", reach: 0 },
  { start: "Your current version", marker: "is out of date", reach: 120 },
  { start: "", marker: " is no longer available. Please switch to ", reach: 80 },
];

/** Longer texts are answers. */
const MAX_GATE_CHARACTERS = 600;

/** Whether `text`, as the whole of an answer, is a refusal of this client. */
export function isClientGate(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= MAX_GATE_CHARACTERS && GATE_TEXTS.some((gate) => matches(trimmed, gate));
}

/** Whether an answer that begins with `text` may still become one; false for nearly every answer within a few words. */
export function couldBecomeClientGate(text: string): boolean {
  const trimmed = text.trimStart();
  if (trimmed.length > MAX_GATE_CHARACTERS) return false;
  return GATE_TEXTS.some((gate) => matches(trimmed, gate) || isBeginning(trimmed, gate));
}

function matches(text: string, gate: GateText): boolean {
  if (!text.startsWith(gate.start)) return false;
  const at = text.indexOf(gate.marker, gate.start.length);
  return at !== -1 && at - gate.start.length <= gate.reach;
}

function isBeginning(text: string, gate: GateText): boolean {
  if (text.length < gate.start.length) return gate.start.startsWith(text);
  if (!text.startsWith(gate.start)) return false;
  return (
    text.length < gate.start.length + gate.reach + gate.marker.length &&
    !text.includes("\n") &&
    !text.includes(gate.marker)
  );
}
