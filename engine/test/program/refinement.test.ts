/** Members of a component get the colours that going through all of them, round after round, gives. */
import { describe, expect, it } from "vitest";
import { refine, type WriteMember } from "../../src/fingerprint/refinement.ts";
import { GraphNode } from "../../src/graph/graph.ts";
import { TokenStream } from "../../src/text/digest.ts";
import { random } from "../summary/edits.ts";

/** Members by the text of each and the numbers of those that it refers to; `sorted`: their colours stand in an order. */
interface Member {
  readonly text: string;
  readonly peers: readonly number[];
  readonly sorted: boolean;
}

function made(members: readonly Member[]) {
  const stream = new TokenStream(64);
  const nodes = members.map((_, i) => new GraphNode("m.py", String(i), false, i));
  let written = 0;
  const write: WriteMember = (node, colours, own, slots) => {
    written++;
    const { text, peers, sorted } = members[Number(node.name)];
    stream.clear();
    stream.int(1);
    stream.text(own);
    stream.text(text);
    if (sorted) {
      if (slots !== null && peers.length > 0) slots.hasSortedPeers = true;
      for (const colour of peers.map((peer) => colours.get(nodes[peer]) as string).sort()) stream.text(colour);
      return;
    }
    for (const peer of peers) {
      slots?.peerPlaces.push(stream.length);
      slots?.peers.push(nodes[peer]);
      stream.text(colours.get(nodes[peer]) as string);
    }
  };
  return { nodes, stream, write, written: () => written };
}

function plainly(members: readonly Member[]): string[] {
  const { nodes, stream, write } = made(members);
  let colours = new Map(nodes.map((node) => [node, ""]));
  let classes = 1;
  for (let rounds = 0; rounds <= nodes.length; rounds++) {
    const next = new Map<GraphNode, string>();
    for (const node of nodes) {
      write(node, colours, colours.get(node) as string, null);
      next.set(node, stream.digest());
    }
    colours = next;
    const count = new Set(next.values()).size;
    if (rounds > 0 && (count === nodes.length || count === classes)) break;
    classes = count;
  }
  return [...colours.values()];
}

function refined(members: readonly Member[]) {
  const { nodes, stream, write, written } = made(members);
  const { colours, count } = refine(nodes, stream, write);
  return { colours: nodes.map((node) => colours.get(node)), count, written: written() };
}

describe("the members of a component", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "have the same colours however they are found, seed %i",
    (seed) => {
      const next = random(seed);
      const size = 2 + next(30);
      const texts = 1 + next(3);
      const members = Array.from({ length: size }, (_, i) => ({
        text: String(next(texts)),
        peers: [(i + 1) % size, ...Array.from({ length: next(3) }, () => next(size))],
        sorted: seed % 3 === 0 && next(4) === 0,
      }));
      const { colours, count } = refined(members);
      expect(colours).toEqual(plainly(members));
      expect(count).toBe(new Set(colours).size);
    },
  );

  it("are written twice, however many rounds there are", () => {
    const size = 100;
    const ring = Array.from({ length: size }, (_, i) => ({
      text: i === 0 ? "other" : "alike",
      peers: [(i + 1) % size],
      sorted: false,
    }));
    const { colours, count, written } = refined(ring);
    expect(count).toBe(size);
    expect(written).toBe(2 * size);
    expect(colours).toEqual(plainly(ring));
  });
});
