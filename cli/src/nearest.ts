/** Names most like one that was not found. */
import { distance } from "fastest-levenshtein";

/** At most three candidates, the most alike first; none when nothing is alike. */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const tail = lastPart(wanted);
  // Two letters swapped are two edits.
  const mostOff = tail.length < 4 ? 1 : Math.max(2, Math.floor(tail.length / 3));
  const ranked: { readonly candidate: string; readonly off: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const found = candidate.toLowerCase();
    const off = Math.min(distance(wanted, found), distance(tail, lastPart(found)));
    if (off <= mostOff) ranked.push({ candidate, off });
  }
  ranked.sort((a, b) => a.off - b.off || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, 3).map(({ candidate }) => candidate);
}

/** Of a path the file's name, of a dotted name its last part. */
function lastPart(name: string): string {
  if (name.endsWith(".py")) return name.slice(name.lastIndexOf("/") + 1, -3);
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf(":"), name.lastIndexOf("/")) + 1);
}
