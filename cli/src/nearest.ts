/** Names most like one that was not found. */
import { distance } from "fastest-levenshtein";

/** At most three candidates, the most alike first; none when nothing is alike. */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const tail = lastPart(wanted);
  const ranked: { readonly candidate: string; readonly off: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const found = candidate.toLowerCase();
    const off = Math.min(distance(wanted, found), distance(tail, lastPart(found)));
    if (off <= Math.max(1, Math.floor(tail.length / 3))) ranked.push({ candidate, off });
  }
  ranked.sort((a, b) => a.off - b.off || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, 3).map(({ candidate }) => candidate);
}

function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf(":"), name.lastIndexOf("/")) + 1);
}
