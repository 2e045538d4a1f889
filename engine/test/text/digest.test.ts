import { describe, expect, it } from "vitest";
import { digestWords, TokenStream } from "../../src/text/digest.ts";

/** Little-endian words of an ASCII text whose length is a multiple of four. */
function words(text: string): Int32Array {
  const out = new Int32Array(text.length / 4);
  for (let i = 0; i < text.length; i++) out[i >> 2] |= text.charCodeAt(i) << ((i & 3) * 8);
  return out;
}

describe("digest", () => {
  it("equals the reference vectors of MurmurHash3_x86_128", () => {
    // Values of the reference C++ through the `mmh3` package (x86, 128 bits), as four words.
    expect(digestWords(new Int32Array(0), 0)).toBe("00000000000000000000000000000000");
    expect(digestWords(new Int32Array(0), 0, 1)).toBe("88c4adec54d201b954d201b954d201b9");
    const vectors: Record<string, string> = {
      abcd: "96b6ccaa45afc62e45afc62e45afc62e",
      abcdefgh: "aef41136adb11487fa6c8092fa6c8092",
      abcdefghijkl: "738503fef48224c027d4dfadd28ce553",
      abcdefghijklmnop: "9fd2762790b91256e4ce8b21d193ba45",
      "I will not buy this record, it is scratched.": "a0a9683b25ac5e40d9af2895890dddf5",
    };
    for (const [text, digest] of Object.entries(vectors)) {
      expect(digestWords(words(text), text.length / 4), text).toBe(digest);
    }
  });
  it("tells apart streams that differ only in where a text ends", () => {
    const a = new TokenStream();
    a.text("ab");
    a.text("c");
    const b = new TokenStream();
    b.text("a");
    b.text("bc");
    expect(a.digest()).not.toBe(b.digest());
  });

  it("takes a string at once as it does unit by unit, at any place and of any length", () => {
    const unit = (text: string): Int32Array => {
      const out = new Int32Array(1 + ((text.length + 1) >> 1));
      out[0] = text.length;
      for (let i = 0; i < text.length; i++) out[1 + (i >> 1)] |= text.charCodeAt(i) << ((i & 1) * 16);
      return out;
    };
    const stream = new TokenStream(8);
    // Words that served before hold what was in them.
    stream.text("\uffff".repeat(1000));
    for (let size = 90; size < 140; size++) {
      for (const text of ["a".repeat(size), `${"b".repeat(size - 1)}\u00e9`, `\u{1f600}${"c".repeat(size - 2)}`]) {
        stream.clear();
        stream.int(size);
        stream.text(text);
        expect(stream.copy().slice(1)).toEqual(unit(text));
      }
    }
  });
});
