// Which input, line and column a node of a merged answer file came from.
import type { XmlNode } from '../formats/xml/tree.ts';

/** A node that was made by a program has a name but no line. */
export interface Place {
  readonly name: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Kept beside the tree, by node: a tree is a value, and one node object may stand in several trees. */
export class Provenance {
  private readonly places = new WeakMap<XmlNode, Place>();

  /** A node that has a place already keeps it: the first input that brought it counts. */
  mark(name: string, nodes: readonly XmlNode[]): void {
    for (const node of nodes) {
      if (!this.places.has(node)) this.places.set(node, { name, line: node.at?.line, column: node.at?.column });
      if (node.kind === 'element') this.mark(name, node.children);
    }
  }

  of(node: XmlNode): Place | undefined {
    return this.places.get(node);
  }

  /** `to` was made out of `from` and counts as coming from there. */
  carry<N extends XmlNode>(from: XmlNode, to: N): N {
    const place = this.places.get(from);
    if (place) this.places.set(to, place);
    return to;
  }
}

/** `user.xml:12:7`, or the name alone for what a program made. */
export function placeText(place: Place | undefined): string {
  if (!place) return '(unknown)';
  return place.line === undefined ? place.name : `${place.name}:${place.line}:${place.column}`;
}
