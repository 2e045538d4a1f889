/**
 * `\N{...}` → character. (placeholder body replaced below)
 */
export function lookupUnicodeName(_name: string): string | null {
  return null;
}
