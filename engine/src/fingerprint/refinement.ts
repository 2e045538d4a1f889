/**
 * Telling the members of a component apart (M6.4): every round by what their peers were in the round before, until no more
 * classes appear. A colour is a digest of a member's tokens with colours of the round before in them; members of one class
 * have one, and it is hashed once. A ring of members that are alike but for one needs as many rounds as it has members.
 */
import type { GraphNode } from "../graph/graph.ts";
import { hexOf, type TokenStream } from "../text/digest.ts";
import { type Colours, OWN_PLACE, type Slots } from "./tokens.ts";

/** Writes a member's tokens into the stream. */
export type WriteMember = (node: GraphNode, colours: Colours, own: string, slots: Slots | null) => void;

/** A member's tokens, in which only colours differ from round to round; null where they have to be written each time. */
interface Template {
  readonly words: Int32Array;
  readonly places: readonly number[];
  /** Numbers of the members whose colours stand there. */
  readonly peers: readonly number[];
}

/** A class of members, as long as it is not split: the colour of this round. */
interface Class {
  readonly h1: number;
  readonly h2: number;
  readonly h3: number;
  readonly h4: number;
  /** The four words as text, where somebody asked. */
  hex: string | null;
  /** The member that was put into it first. */
  readonly first: number;
}

/** The colours of members (more than one) when no round tells more of them apart, and how many there are. */
export function refine(
  members: readonly GraphNode[],
  stream: TokenStream,
  write: WriteMember,
): { colours: Map<GraphNode, string>; count: number } {
  const numbers = new Map(members.map((node, number) => [node, number]));
  let classes: Class[] = [];
  /** Of each member, the number of its class. */
  let of = new Int32Array(members.length);
  const colourOf = (number: number): string => {
    const own = classes[of[number]];
    own.hex ??= hexOf(own.h1, own.h2, own.h3, own.h4);
    return own.hex;
  };
  const colours: Colours = {
    get: (node) => {
      const number = numbers.get(node);
      return number === undefined ? undefined : colourOf(number);
    },
  };
  /** Made in the second round, and used from the third on. */
  let templates: readonly (Template | null)[] = [];
  const uncoloured: Colours = { get: (node) => (numbers.has(node) ? "" : undefined) };

  const mask = 2 ** Math.ceil(Math.log2(2 * members.length)) - 1;

  /** One round; `writeTokens` leaves those of a member in the stream. */
  const round = (writeTokens: (number: number) => void): void => {
    const next: Class[] = [];
    const nextOf = new Int32Array(members.length);
    /** Classes by colour: a table with as many places as are never half filled, searched onward from a colour's own. */
    const table = new Int32Array(mask + 1).fill(-1);
    /** Of each class of before, the first and the last that it is split into. */
    const first = new Int32Array(members.length).fill(-1);
    const last = new Int32Array(members.length).fill(-1);
    const words = new Int32Array(4);
    for (let number = 0; number < members.length; number++) {
      const old = of[number];
      if (last[old] >= 0 && isAlike(number, next[last[old]].first)) nextOf[number] = last[old];
      else if (first[old] >= 0 && isAlike(number, next[first[old]].first)) nextOf[number] = first[old];
      else {
        writeTokens(number);
        stream.hash(words);
        const h1 = words[0];
        const h2 = words[1];
        const h3 = words[2];
        const h4 = words[3];
        let at = h1 & mask;
        while (table[at] >= 0) {
          const other = next[table[at]];
          if (other.h1 === h1 && other.h2 === h2 && other.h3 === h3 && other.h4 === h4) break;
          at = (at + 1) & mask;
        }
        if (table[at] < 0) {
          table[at] = next.length;
          next.push({ h1, h2, h3, h4, hex: null, first: number });
        }
        const found = table[at];
        if (first[old] < 0) first[old] = found;
        last[old] = found;
        nextOf[number] = found;
      }
    }
    classes = next;
    of = nextOf;
  };

  /** Whether two members of one class have peers of the same classes, one by one: then their tokens are the same. */
  const isAlike = (number: number, other: number): boolean => {
    const a = templates[number] ?? null;
    const b = templates[other] ?? null;
    if (a === null || b === null || a.peers.length !== b.peers.length) return false;
    for (let i = 0; i < a.peers.length; i++) if (of[a.peers[i]] !== of[b.peers[i]]) return false;
    return true;
  };

  round((number) => write(members[number], uncoloured, "", null));
  let before = classes.length;
  // All colours have one length from here on: templates are made while the second round is written.
  const made: (Template | null)[] = [];
  round((number) => {
    const slots: Slots = { places: [], nodes: [], peerPlaces: [], peers: [], hasSortedPeers: false };
    write(members[number], colours, colourOf(number), slots);
    const peers = slots.peers.map((node) => numbers.get(node) as number);
    made[number] = slots.hasSortedPeers ? null : { words: stream.copy(), places: slots.peerPlaces, peers };
  });
  templates = made;
  for (let rounds = 1; rounds < members.length && classes.length < members.length; rounds++) {
    if (classes.length === before) break;
    before = classes.length;
    round((number) => {
      const template = templates[number];
      if (template === null) {
        write(members[number], colours, colourOf(number), null);
        return;
      }
      stream.refill(template.words);
      put(stream, OWN_PLACE, classes[of[number]]);
      for (let i = 0; i < template.places.length; i++) put(stream, template.places[i], classes[of[template.peers[i]]]);
    });
  }
  const found = new Map(members.map((node, number) => [node, colourOf(number)]));
  return { colours: found, count: classes.length };
}

function put(stream: TokenStream, place: number, { h1, h2, h3, h4 }: Class): void {
  stream.digestTextAt(place, h1, h2, h3, h4);
}
