/** The opening tag around a document's text: `<document title="Notes" context="draft">`; an absent attribute is left out. */
export function openingTag(
  name: string,
  attributes: readonly (readonly [string, string | null | undefined])[],
): string {
  let tag = `<${name}`;
  for (const [key, value] of attributes) {
    if (value) tag += ` ${key}="${value.replaceAll('"', "&quot;")}"`;
  }
  return `${tag}>`;
}
