// Makes answer files and puts settings into existing ones, without touching anything else that stands in them.
import { type XmlElement, type XmlNode, xmlAttribute, xmlElement, xmlText } from '../formats/xml/tree.ts';
import { type MergedAnswerFile, type MergeInput, mergeAnswerFiles } from './merge.ts';
import type { ConflictAnswer } from './merge-conflict.ts';
import type { AnswerFile } from './model.ts';
import { COMPONENT_IDENTITY, PASSES, type Pass, UNATTEND_NAMESPACE, WCM_NAMESPACE } from './names.ts';

/** Text, a number or a truth value is a setting; an object is a group; a list of objects is a list, each item added. */
export type SettingValue = string | number | boolean | SettingGroup | readonly SettingGroup[];
export interface SettingGroup {
  readonly [name: string]: SettingValue;
}

/** What to set: pass → component → settings. */
export interface AnswerSpec {
  readonly architecture: string;
  readonly passes: { readonly [P in Pass]?: Readonly<Record<string, SettingGroup>> };
}

/** How reports call the settings that a program gives. */
const GIVEN = 'the given settings';

/** A new answer file: UTF-8, CRLF, two spaces of indentation. */
export function answerFile(spec: AnswerSpec): AnswerFile {
  return withSettings(emptyFile(unattend([])), spec);
}

/**
 * The same file with the settings of `spec` in it, as a merge in which they win: items are added to lists by their key, and everything
 * else stays as and where it is. A file that holds them already is given back unchanged.
 */
export function withSettings(file: AnswerFile, spec: AnswerSpec): AnswerFile {
  return mergeSettings({ name: 'the answer file', file }, { name: GIVEN, spec }, 'later').file;
}

/** The settings of `spec` merged into a file, with every conflict. */
export function mergeSettings(
  base: MergeInput,
  given: { readonly name: string; readonly spec: AnswerSpec },
  conflict: ConflictAnswer,
): MergedAnswerFile {
  return mergeAnswerFiles([base, { name: given.name, file: emptyFile(treeOf(given.spec)) }], { conflict });
}

function emptyFile(root: XmlElement): AnswerFile {
  const declaration: XmlNode = { kind: 'instruction', name: 'xml', text: 'version="1.0" encoding="utf-8"', at: undefined };
  return {
    document: { encoding: 'utf-8', bom: false, newline: '\r\n', before: [declaration, xmlText('\n')], root, after: [xmlText('\n')] },
  };
}

function unattend(children: readonly XmlElement[]): XmlElement {
  return xmlElement('unattend', UNATTEND_NAMESPACE, [xmlAttribute('xmlns', UNATTEND_NAMESPACE)], children);
}

/** The elements alone, in the order in which the passes run: whoever puts them into a file lays them out. */
function treeOf({ architecture, passes }: AnswerSpec): XmlElement {
  return unattend(
    PASSES.flatMap((pass) => {
      const components = Object.entries(passes[pass] ?? {});
      if (components.length === 0) return [];
      const elements = components.map(([name, group]) => componentElement(name, architecture, group));
      return [xmlElement('settings', UNATTEND_NAMESPACE, [xmlAttribute('pass', pass)], elements)];
    }),
  );
}

function componentElement(name: string, architecture: string, group: SettingGroup): XmlElement {
  const { publicKeyToken, language, versionScope } = COMPONENT_IDENTITY;
  const attributes = [
    xmlAttribute('name', name),
    xmlAttribute('processorArchitecture', architecture),
    xmlAttribute('publicKeyToken', publicKeyToken),
    xmlAttribute('language', language),
    xmlAttribute('versionScope', versionScope),
    xmlAttribute('xmlns:wcm', WCM_NAMESPACE),
  ];
  return xmlElement('component', UNATTEND_NAMESPACE, attributes, groupElements(group));
}

function groupElements(group: SettingGroup): readonly XmlElement[] {
  return Object.entries(group).flatMap(([name, value]) => {
    if (Array.isArray(value)) {
      const action = [xmlAttribute('wcm:action', 'add', WCM_NAMESPACE)];
      return (value as readonly SettingGroup[]).map((item) => xmlElement(name, UNATTEND_NAMESPACE, action, groupElements(item)));
    }
    if (typeof value === 'object') return [xmlElement(name, UNATTEND_NAMESPACE, [], groupElements(value as SettingGroup))];
    const text = String(value);
    return [xmlElement(name, UNATTEND_NAMESPACE, [], text === '' ? [] : [xmlText(text)])];
  });
}
