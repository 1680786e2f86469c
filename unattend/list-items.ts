// Which elements of an answer file are items of a list: they carry wcm:action, and stand beside others of their name.
import { elementsOf, type XmlElement } from '../formats/xml/tree.ts';
import { WCM_NAMESPACE } from './names.ts';

/** Lists of the unattend reference whose items say wcm:action in its samples. */
const LIST_ITEMS: ReadonlySet<string> = new Set(
  `Accelerator AddonGuidItem AsynchronousCommand CreatePartition DataImage Disk DomainAccount DomainAccountList DomainName FavoriteBarItem
  FavoriteItem FeedItem FirewallGroup Interface IpAddress LocalAccount MetaData ModifyPartition OfflineDomainAccount PathAndCredentials
  QuickLinkItem Region RegionalOverride Route RunAsynchronousCommand RunSynchronousCommand Scope StartPage SynchronousCommand`
    .toLowerCase()
    .split(/\s+/),
);

/** Lists whose items carry an `Order`. */
const ORDERED_ITEMS: ReadonlySet<string> = new Set([
  'asynchronouscommand',
  'createpartition',
  'modifypartition',
  'runasynchronouscommand',
  'runsynchronouscommand',
  'synchronouscommand',
]);

/** A list as it stands: the items of one name in one parent. */
export interface AnswerList {
  readonly name: string;
  readonly items: readonly XmlElement[];
  readonly ordered: boolean;
}

export function actionOf(element: XmlElement): string | undefined {
  return element.attributes.find(({ local, namespace }) => local === 'action' && namespace === WCM_NAMESPACE)?.value;
}

export function isListItem(element: XmlElement): boolean {
  return LIST_ITEMS.has(element.local.toLowerCase()) || actionOf(element) !== undefined;
}

/** Every list below an element, outermost first. */
export function listsBelow(top: XmlElement): readonly AnswerList[] {
  const lists: AnswerList[] = [];
  const visit = (parent: XmlElement) => {
    const groups = new Map<string, XmlElement[]>();
    for (const element of elementsOf(parent)) {
      if (!isListItem(element)) continue;
      const name = element.local.toLowerCase();
      const group = groups.get(name);
      if (group) group.push(element);
      else groups.set(name, [element]);
    }
    for (const [name, items] of groups) lists.push({ name: items[0]!.local, items, ordered: ORDERED_ITEMS.has(name) });
    for (const element of elementsOf(parent)) visit(element);
  };
  visit(top);
  return lists;
}
