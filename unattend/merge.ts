// Merges answer files: by pass, component and setting, list items by key, with the place of every node and every conflict.
import { ConfigError } from '../errors.ts';
import { attributeOf, elementsOf, textOf, type XmlElement, type XmlNode, xmlText } from '../formats/xml/tree.ts';
import { actionOf } from './list-items.ts';
import { type ConflictAnswer, type MergeConflict, MergeConflictError, quoted, shownValue } from './merge-conflict.ts';
import { copyOf, rootSite, type Site, siteBelow, withAppended } from './merge-insert.ts';
import { contentOf, isFrame, isSettled, keyed, PASS_DEPTH, ROOT_DEPTH, repeatedGroups } from './merge-key.ts';
import { withOrder } from './merge-order.ts';
import type { AnswerFile } from './model.ts';
import { PASSWORD_ELEMENTS } from './password.ts';
import { type Place, Provenance } from './provenance.ts';

export interface MergeInput {
  /** How reports call it: usually its path. */
  readonly name: string;
  readonly file: AnswerFile;
}

export interface MergedAnswerFile {
  readonly file: AnswerFile;
  readonly conflicts: readonly MergeConflict[];
  /** Where a node of `file` came from; for a setting whose value was replaced, where the value came from. */
  provenance(node: XmlNode): Place | undefined;
}

/** Where the merge stands in the base, and what it is called there. */
interface Spot extends Site {
  readonly depth: number;
  /** Whether this is an item of a list. */
  readonly item: boolean;
  readonly pass: string;
  readonly component: string;
  readonly architecture: string;
  /** Setting names below the component, without and with the keys of list items. */
  readonly names: readonly string[];
  readonly path: readonly string[];
}

/** A password is one thing: its Value means nothing without the PlainText beside it. */
const WHOLE: ReadonlySet<string> = new Set(PASSWORD_ELEMENTS.map((name) => name.toLowerCase()));

/**
 * The first file is the base: its encoding, formatting and comments stay, apart from what the others change. New settings are put at
 * the end of their group, together with the comments right above them, and items of the base keep their row. A pass or component that stands twice in one file is made one
 * first, as if its second part were a later file: what Setup does with two is written nowhere.
 *
 * With `later` the merge is associative, apart from a setting that is text in one file and a group of settings in another.
 * @throws ConfigError without inputs; MergeConflictError with `conflict: 'error'` when the files do not agree.
 */
export function mergeAnswerFiles(inputs: readonly MergeInput[], options: { readonly conflict: ConflictAnswer }): MergedAnswerFile {
  const first = inputs[0];
  if (!first) {
    throw new ConfigError('ANSWER_MERGE_EMPTY', 'answer files: nothing to merge (the list is empty)', {
      hint: 'Name at least one answer file; the first one is the base.',
    });
  }
  const merge = new Merge(options.conflict);
  for (const { name, file } of inputs) {
    const { before, root, after } = file.document;
    merge.provenance.mark(name, [...before, root, ...after]);
  }
  const roots = inputs.map(({ file }) => merge.folded(file.document.root, spotOf(file.document.root)));
  const root = roots.slice(1).reduce((base, later) => merge.group(base, later, spotOf(base)), roots[0]!);
  const { conflicts, provenance } = merge;
  if (options.conflict === 'error' && conflicts.length > 0) throw new MergeConflictError(conflicts);
  const file = root === first.file.document.root ? first.file : { document: { ...first.file.document, root } };
  return { file, conflicts, provenance: (node) => provenance.of(node) };
}

class Merge {
  readonly provenance = new Provenance();
  readonly conflicts: MergeConflict[] = [];
  private readonly answer: ConflictAnswer;

  constructor(answer: ConflictAnswer) {
    this.answer = answer;
  }

  /** The element with one of each pass, component and setting in it. */
  folded(element: XmlElement, spot: Spot): XmlElement {
    const changed = new Map<XmlElement, XmlElement | undefined>();
    const above = nodesAbove(element);
    const firsts = new Map<string, XmlElement>();
    for (const { key, element: child, label } of keyed(element, spot.depth, repeatedGroups([element]))) {
      const inside = spot.depth > PASS_DEPTH || isFrame(child, spot.depth);
      const own = inside ? this.folded(child, spotBelow(child, above.get(child), label, spot)) : child;
      if (own !== child) changed.set(child, own);
      const first = firsts.get(key);
      if (!first) {
        firsts.set(key, child);
        continue;
      }
      const present = changed.get(first) ?? first;
      if (present.children.every(isBlank) && own.children.some(({ kind }) => kind === 'element' || kind === 'comment')) {
        // The first one is empty: the second keeps its formatting and comments.
        changed.set(first, undefined);
        firsts.set(key, child);
        continue;
      }
      changed.set(first, this.element(present, own, element.name, spotBelow(first, above.get(first), label, spot), spot));
      changed.set(child, undefined);
    }
    return changed.size === 0 ? element : this.rebuilt(element, withReplaced(element, changed));
  }

  /** The base group with everything of the later one in it. */
  group(base: XmlElement, later: XmlElement, spot: Spot): XmlElement {
    const repeated = repeatedGroups([base, later]);
    const present = new Map(keyed(base, spot.depth, repeated).map((one) => [one.key, one]));
    const [aboveBase, aboveLater] = [nodesAbove(base), nodesAbove(later)];
    const changed = new Map<XmlElement, XmlElement>();
    const added: XmlElement[] = [];
    for (const { key, element } of keyed(later, spot.depth, repeated)) {
      const there = present.get(key);
      if (!there) {
        added.push(element);
        continue;
      }
      // Items keep the row of the base; the later file's numbers say only where its own items follow one another.
      if (spot.item && isSettled(base, element)) continue;
      const merged = this.element(
        there.element,
        element,
        base.name,
        spotBelow(there.element, aboveBase.get(there.element), there.label, spot),
        spot,
      );
      if (merged !== there.element) changed.set(there.element, merged);
    }
    if (changed.size === 0 && added.length === 0) return base;
    const replaced = this.rebuilt(base, withReplaced(base, changed));
    if (added.length === 0) return replaced;
    const nodes = added.flatMap((element) => [...commentsOf(aboveLater.get(element)), element]);
    const grown = this.rebuilt(base, withAppended(replaced, nodes, spot, this.provenance));
    return withOrder(grown, elementsOf(grown).slice(-added.length), this.provenance);
  }

  private element(base: XmlElement, later: XmlElement, around: string, spot: Spot, outer: Spot): XmlElement {
    if (outer.depth <= PASS_DEPTH) return isFrame(base, outer.depth) ? this.group(base, later, spot) : base;
    const agreed = this.action(base, later, spot);
    const groups = [base, later].map((one) => elementsOf(one).length > 0);
    if (!WHOLE.has(base.local.toLowerCase())) {
      if (groups[0] && (groups[1] || isEmpty(later))) return this.group(agreed, later, spot);
      if (groups[1] && isEmpty(base)) return this.group(agreed, later, spot);
      if (!groups[0] && !groups[1]) return sameText(base, later) ? agreed : this.text(agreed, later, spot);
    } else if (contentOf(base, { exact: true }) === contentOf(later, { exact: true })) {
      return agreed;
    }
    if (this.keeps(base, later, spot)) return agreed;
    return copyOf(later, around, { ...spot, scope: outer.scope }, this.provenance);
  }

  private text(base: XmlElement, later: XmlElement, spot: Spot): XmlElement {
    if (this.keeps(base, later, spot)) return base;
    const text = textOf(later);
    const comments = base.children.filter(({ kind }) => kind === 'comment' || kind === 'instruction');
    const element: XmlElement = { ...base, children: [...(text === '' ? [] : [xmlText(text)]), ...comments] };
    return this.provenance.carry(later, element);
  }

  /** wcm:action of a list item: add, modify or remove. */
  private action(base: XmlElement, later: XmlElement, spot: Spot): XmlElement {
    const [own, other] = [actionOf(base), actionOf(later)];
    if (own === undefined || other === undefined || own.toLowerCase() === other.toLowerCase()) return base;
    const side = (value: string, element: XmlElement) => ({ value: quoted(value), place: this.provenance.of(element) });
    if (this.conflict(side(own, base), side(other, later), [...spot.path, '@wcm:action'], spot)) return base;
    const attributes = base.attributes.map((one) => (one.local === 'action' && one.value === own ? { ...one, value: other } : one));
    return this.provenance.carry(base, { ...base, attributes });
  }

  /** Notes a conflict; whether the base keeps its value. */
  private keeps(base: XmlElement, later: XmlElement, spot: Spot): boolean {
    const side = (element: XmlElement) => ({ value: shownValue(element, spot.names), place: this.provenance.of(element) });
    return this.conflict(side(base), side(later), spot.path, spot);
  }

  private conflict(base: MergeConflict['base'], later: MergeConflict['later'], path: readonly string[], spot: Spot): boolean {
    const { pass, component, architecture } = spot;
    const kept = ({ later: 'later', base: 'base', error: 'neither' } as const)[this.answer];
    this.conflicts.push({ pass, component, architecture, setting: path.join('/'), base, later, kept });
    return kept !== 'later';
  }

  private rebuilt(from: XmlElement, to: XmlElement): XmlElement {
    return this.provenance.carry(from, to);
  }
}

function spotOf(root: XmlElement): Spot {
  return { ...rootSite(root), depth: ROOT_DEPTH, item: false, pass: '', component: '', architecture: '', names: [], path: [] };
}

function spotBelow(child: XmlElement, above: readonly XmlNode[] | undefined, label: string | undefined, spot: Spot): Spot {
  const below = { ...spot, ...siteBelow(child, above?.at(-1), spot), depth: spot.depth + 1, item: label !== undefined };
  if (spot.depth === ROOT_DEPTH) return { ...below, pass: attributeOf(child, 'pass') ?? child.local };
  if (spot.depth === PASS_DEPTH) {
    return {
      ...below,
      component: attributeOf(child, 'name') ?? child.local,
      architecture: attributeOf(child, 'processorArchitecture') ?? '',
    };
  }
  const shown = label === undefined ? child.local : `${child.local}[${quoted(label).slice(1, -1)}]`;
  return { ...below, names: [...spot.names, child.local], path: [...spot.path, shown] };
}

/** The parent with some children replaced, and others taken out together with the blanks in front of them. */
function withReplaced(parent: XmlElement, changed: ReadonlyMap<XmlElement, XmlElement | undefined>): XmlElement {
  const children: XmlNode[] = [];
  for (const child of parent.children) {
    const wanted = child.kind === 'element' && changed.has(child) ? changed.get(child) : child;
    if (wanted) children.push(wanted);
    else if (children.length > 0 && isBlank(children.at(-1)!)) children.pop();
  }
  return { ...parent, children };
}

/** What stands between each element and the one before it. */
function nodesAbove(parent: XmlElement): ReadonlyMap<XmlElement, readonly XmlNode[]> {
  const above = new Map<XmlElement, readonly XmlNode[]>();
  let between: XmlNode[] = [];
  for (const child of parent.children) {
    if (child.kind !== 'element') {
      between.push(child);
      continue;
    }
    above.set(child, between);
    between = [];
  }
  return above;
}

/** The comments right above an element speak of it. */
function commentsOf(above: readonly XmlNode[] | undefined): readonly XmlNode[] {
  return (above ?? []).filter(({ kind }) => kind === 'comment');
}

function isBlank(node: XmlNode): boolean {
  return node.kind === 'text' && node.text.trim() === '';
}

function isEmpty(element: XmlElement): boolean {
  return elementsOf(element).length === 0 && textOf(element).trim() === '';
}

/** Truth values are written in any case. */
function sameText(a: XmlElement, b: XmlElement): boolean {
  const [one, other] = [textOf(a).trim(), textOf(b).trim()];
  return one === other || (/^(?:true|false)$/i.test(one) && one.toLowerCase() === other.toLowerCase());
}
