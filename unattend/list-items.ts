// Which elements of an answer file are items of a list: they carry wcm:action, and stand beside others of their name.
import { elementsOf, type XmlElement } from '../formats/xml/tree.ts';
import { WCM_NAMESPACE } from './names.ts';

/**
 * What is known of a list by the name of its items: `key` is the setting that tells them apart (none: `Key` when they have one, else all that they
 * say), `ordered` that they carry an `Order`, `bare` that the samples write them without wcm:action.
 */
interface ListFacts {
  readonly key?: string;
  readonly ordered?: true;
  readonly bare?: true;
}

/** Lists of Microsoft's unattend reference (2018) by the lower-case name of their items; names and keys are facts from it. */
const LISTS: Readonly<Record<string, ListFacts>> = {
  accelerator: { key: 'ItemKey' },
  addonguiditem: { key: 'AddonGuid' },
  asynchronouscommand: { key: 'CommandLine', ordered: true },
  cache: { key: 'CacheID', bare: true },
  codeaction: { key: 'ReturnCode', bare: true },
  createpartition: { key: 'Order', ordered: true },
  dataimage: { key: 'Order' },
  disk: { key: 'DiskID' },
  domainaccount: { key: 'Name' },
  domainaccountlist: { key: 'Domain' },
  domainname: {},
  favoritebaritem: { key: 'ItemKey' },
  favoriteitem: { key: 'FavID' },
  feeditem: { key: 'FeedKey' },
  firewallgroup: { key: 'Group' },
  interface: { key: 'Identifier' },
  ipaddress: {},
  localaccount: { key: 'Name' },
  metadata: { key: 'Key' },
  modifypartition: { key: 'PartitionID', ordered: true },
  offlinedomainaccount: { key: 'SID' },
  pathandcredentials: { key: 'Path' },
  protectedvolumeentry: { key: 'DriveLetter', bare: true },
  quicklinkitem: { key: 'QLID' },
  region: {},
  regionaloverride: { key: 'Order' },
  route: { key: 'Identifier' },
  runasynchronouscommand: { key: 'Path', ordered: true },
  runsynchronouscommand: { key: 'Path', ordered: true },
  scope: { key: 'ScopeKey' },
  startpage: { key: 'StartPageKey' },
  synchronouscommand: { key: 'CommandLine', ordered: true },
  user: { key: 'AccountName', bare: true },
};

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
  const facts = listFacts(element.local);
  return (facts !== undefined && !facts.bare) || actionOf(element) !== undefined;
}

/** What is known of the list that items of this name make up, whatever its case. */
export function listFacts(name: string): ListFacts | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(LISTS, lower) ? LISTS[lower] : undefined;
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
    for (const [name, items] of groups) lists.push({ name: items[0]!.local, items, ordered: listFacts(name)?.ordered ?? false });
    for (const element of elementsOf(parent)) visit(element);
  };
  visit(top);
  return lists;
}
