/**
 * Makes a function from offsets in the UTF-8 form of `text` to indices in the string. An offset inside a character means the
 * character's start, one behind the end the end. Calls with growing offsets walk the text once.
 *
 *     utf8Position("né!")(3) → 2
 */
export function utf8Position(text: string): (byteOffset: number) => number {
  let bytes = 0;
  let index = 0;
  return (byteOffset) => {
    if (byteOffset < bytes) {
      bytes = 0;
      index = 0;
    }
    while (index < text.length) {
      const codePoint = text.codePointAt(index) ?? 0;
      const size = utf8Size(codePoint);
      if (bytes + size > byteOffset) break;
      bytes += size;
      index += codePoint > 0xffff ? 2 : 1;
    }
    return index;
  };
}

function utf8Size(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
