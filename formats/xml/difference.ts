// Two XML trees node by node: every text and attribute that is new, gone or another, by its path below the root.
import { elementsOf, textOf, type XmlElement } from './tree.ts';

/** A text or an attribute. `names` are those of the elements down to it, so that a report knows what it is about. */
export interface XmlLeafNode {
  readonly at: string;
  readonly names: readonly string[];
  readonly text: string;
}

export interface NodeDifference<N> {
  readonly at: string;
  readonly before: N | undefined;
  readonly after: N | undefined;
}

/** Attributes that say how the XML is meant, not what it holds. */
const FRAME = /^xmlns(?::|$)/;

/** Every text and attribute of a tree: `Triggers/EventTrigger[2]/Delay`, `Actions/@Context`. The root's name is no part of the path. */
export function leavesOf(root: XmlElement): readonly XmlLeafNode[] {
  const leaves: XmlLeafNode[] = [];
  const visit = (element: XmlElement, path: string, names: readonly string[]) => {
    const below = (name: string) => (path === '' ? name : `${path}/${name}`);
    for (const { name, value } of element.attributes) {
      if (!FRAME.test(name)) leaves.push({ at: below(`@${name}`), names: [...names, name], text: value });
    }
    const children = elementsOf(element);
    if (children.length === 0) leaves.push({ at: path, names, text: textOf(element).trim() });
    const counts = new Map<string, number>();
    for (const { local } of children) counts.set(local, (counts.get(local) ?? 0) + 1);
    const seen = new Map<string, number>();
    for (const child of children) {
      const at = (seen.get(child.local) ?? 0) + 1;
      seen.set(child.local, at);
      visit(child, below(counts.get(child.local) === 1 ? child.local : `${child.local}[${at}]`), [...names, child.local]);
    }
  };
  visit(root, '', []);
  return leaves;
}

/** What two lists of nodes do not have in common, by `at`: the order of the later one, then what is gone. */
export function nodeDifference<N extends { readonly at: string }>(
  before: readonly N[],
  after: readonly N[],
  same: (a: N, b: N) => boolean,
): readonly NodeDifference<N>[] {
  const old = new Map(before.map((node) => [node.at, node]));
  const now = new Map(after.map((node) => [node.at, node]));
  const changed = [...now.values()].flatMap((node) => {
    const there = old.get(node.at);
    return there && same(there, node) ? [] : [{ at: node.at, before: there, after: node }];
  });
  const gone = [...old.values()].filter(({ at }) => !now.has(at)).map((node) => ({ at: node.at, before: node, after: undefined }));
  return [...changed, ...gone];
}
