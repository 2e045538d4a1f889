/**
 * How V8's garbage collector treats this process. Never decides what is kept: only where it is made.
 */
import { setFlagsFromString } from "node:v8";

/**
 * Has every object made in the young generation; to be called once, at the start of a process that no launcher has set up
 * (the command line's has: flags that come after compiled code is taken up would have it refused). V8 learns which places of the
 * code make objects that live long, and makes those of such a place in the old generation from then on. Here the same code
 * makes what is kept and what dies with its file's tree: a dead object in the old generation keeps alive what it points to,
 * until the next full collection, and so copying trees would be a quarter of the time that summaries take.
 */
export function keepAllocationsYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
