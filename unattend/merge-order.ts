// Counts the items of a merged list anew: Order is unique and runs from 1, whatever the files had.
import { elementsOf, textOf, type XmlElement, xmlText } from '../formats/xml/tree.ts';
import { childNamed, orderIsKey } from './merge-key.ts';
import type { Provenance } from './provenance.ts';

/**
 * Items run in the order of their numbers, those of the base before those that were `added`. Lists that got nothing keep their numbers,
 * and so do lists whose items are told apart by their number.
 */
export function withOrder(parent: XmlElement, added: readonly XmlElement[], provenance: Provenance): XmlElement {
  const isAdded = new Set(added);
  const grown = new Set(added.filter((item) => childNamed(item, 'Order') && !orderIsKey(item)).map(({ local }) => local.toLowerCase()));
  if (grown.size === 0) return parent;
  const wanted = new Map<XmlElement, string>();
  const lists = new Map<string, XmlElement[]>();
  for (const item of elementsOf(parent)) {
    const name = item.local.toLowerCase();
    if (!grown.has(name) || !childNamed(item, 'Order')) continue;
    const list = lists.get(name);
    if (list) list.push(item);
    else lists.set(name, [item]);
  }
  for (const items of lists.values()) {
    const inOrder = [...byNumber(items.filter((item) => !isAdded.has(item))), ...byNumber(items.filter((item) => isAdded.has(item)))];
    for (const [at, item] of inOrder.entries()) wanted.set(item, String(at + 1));
  }
  const children = parent.children.map((child) => {
    const number = child.kind === 'element' ? wanted.get(child) : undefined;
    return child.kind === 'element' && number !== undefined ? numbered(child, number, provenance) : child;
  });
  return provenance.carry(parent, { ...parent, children });
}

function byNumber(items: readonly XmlElement[]): readonly XmlElement[] {
  const number = (item: XmlElement) => {
    const text = textOf(childNamed(item, 'Order')!).trim();
    return /^\d{1,9}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
  };
  const numbered = items.map((item) => ({ item, at: number(item) }));
  return numbered.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

function numbered(item: XmlElement, number: string, provenance: Provenance): XmlElement {
  const order = childNamed(item, 'Order')!;
  if (textOf(order).trim() === number) return item;
  const counted = provenance.carry(order, { ...order, children: [xmlText(number)] });
  return provenance.carry(item, { ...item, children: item.children.map((child) => (child === order ? counted : child)) });
}
