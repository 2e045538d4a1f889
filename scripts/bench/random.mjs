/** A small seeded generator of numbers, so that what a benchmark makes and does is the same every time. Not for secrets. */

/** mulberry32: a function that gives numbers in [0, 1). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number in [low, high). */
export function between(random, low, high) {
  return low + Math.floor(random() * (high - low));
}
