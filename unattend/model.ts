// An answer file as values: passes, components and settings, each a view on the lossless tree that stands behind it.
import { FormatError } from '../formats/bytes.ts';
import { parseXml } from '../formats/xml/parse.ts';
import { renderXml } from '../formats/xml/render.ts';
import { attributeOf, childOf, elementsOf, type Position, textOf, type XmlDocument, type XmlElement } from '../formats/xml/tree.ts';
import { UNATTEND_NAMESPACE } from './names.ts';

export interface AnswerFile {
  readonly document: XmlDocument;
}

/** One component in one pass. */
export interface AnswerComponent {
  readonly pass: string; // as written; may be unknown
  /** Setup marks a pass of its cached copy as done, and does not run it again. */
  readonly processed: boolean;
  readonly name: string;
  readonly architecture: string;
  readonly element: XmlElement;
  readonly at: Position | undefined;
}

/** One setting that holds text, by its path below the component: `UserAccounts/LocalAccounts/LocalAccount/Password/Value`. */
export interface AnswerSetting {
  readonly path: string;
  readonly value: string;
  readonly element: XmlElement;
  /** The element around it: a password's `PlainText` stands beside its `Value`. */
  readonly parent: XmlElement;
  readonly at: Position | undefined;
}

/** @throws FormatError when the bytes are not XML or the root is not an answer file. */
export function parseAnswerFile(bytes: Uint8Array): AnswerFile {
  const document = parseXml(bytes);
  const { local, namespace, at } = document.root;
  if (local !== 'unattend' || namespace !== UNATTEND_NAMESPACE) {
    throw new FormatError(
      'answer file',
      `line ${at?.line}: the root is <${document.root.name}> in namespace "${namespace}", not <unattend> in "${UNATTEND_NAMESPACE}"`,
    );
  }
  return { document };
}

/** The bytes of the file, in its own encoding. */
export function renderAnswerFile(file: AnswerFile): Uint8Array {
  return renderXml(file.document);
}

/** Every component of every pass, in order. */
export function componentsOf(file: AnswerFile): readonly AnswerComponent[] {
  return settingsElements(file).flatMap((settings) =>
    elementsOf(settings)
      .filter((element) => element.local === 'component')
      .map((element) => ({
        pass: attributeOf(settings, 'pass') ?? '',
        processed: attributeOf(settings, 'wasPassProcessed')?.toLowerCase() === 'true',
        name: attributeOf(element, 'name') ?? '',
        architecture: attributeOf(element, 'processorArchitecture') ?? '',
        element,
        at: element.at,
      })),
  );
}

/** Names of the passes that Setup has marked as done in this copy. */
export function processedPasses(file: AnswerFile): readonly string[] {
  const done = settingsElements(file).filter((settings) => attributeOf(settings, 'wasPassProcessed')?.toLowerCase() === 'true');
  return done.map((settings) => attributeOf(settings, 'pass') ?? '');
}

/** The settings of a component that hold text, in order, list items one by one. */
export function settingsOf(component: AnswerComponent): readonly AnswerSetting[] {
  const found: AnswerSetting[] = [];
  const visit = (parent: XmlElement, path: string) => {
    for (const element of elementsOf(parent)) {
      const below = path === '' ? element.local : `${path}/${element.local}`;
      if (elementsOf(element).length > 0) visit(element, below);
      else found.push({ path: below, value: textOf(element), element, parent, at: element.at });
    }
  };
  visit(component.element, '');
  return found;
}

/** The text of one setting, or undefined: `settingOf(file, 'generalize', 'Microsoft-Windows-Security-SPP', 'SkipRearm')`. */
export function settingOf(file: AnswerFile, pass: string, component: string, path: string, architecture?: string): string | undefined {
  const fits = (one: AnswerComponent) =>
    one.pass === pass && one.name === component && (!architecture || one.architecture.toLowerCase() === architecture);
  for (const { element } of componentsOf(file).filter(fits)) {
    let at: XmlElement | undefined = element;
    for (const name of path.split('/')) at = at && childOf(at, name);
    if (at) return textOf(at).trim();
  }
  return undefined;
}

function settingsElements(file: AnswerFile): readonly XmlElement[] {
  return elementsOf(file.document.root).filter((element) => element.local === 'settings');
}
