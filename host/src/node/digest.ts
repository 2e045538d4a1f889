/** Digests of contents: to tell whether two are the same, not to keep anybody out. */
import { createHash, hash } from "node:crypto";

/** SHA-1 in hexadecimal. */
export function digest(bytes: Uint8Array): string {
  // Without the detour over a hash object, where Node has that (20.12).
  return hash === undefined ? createHash("sha1").update(bytes).digest("hex") : hash("sha1", bytes, "hex");
}
