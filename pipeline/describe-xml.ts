// What a changed XML file says otherwise, node by node: answer files by pass, component and setting, tasks and others by path.
import { FormatError } from '../formats/bytes.ts';
import { TASK_NAMESPACE } from '../formats/task-xml/task.ts';
import { leavesOf, nodeDifference, type XmlLeafNode } from '../formats/xml/difference.ts';
import { parseXml } from '../formats/xml/parse.ts';
import type { XmlDocument } from '../formats/xml/tree.ts';
import { answerFileDifference } from '../unattend/difference.ts';
import { holdsKeyOrPassword, quoted } from '../unattend/merge-conflict.ts';
import { UNATTEND_NAMESPACE } from '../unattend/names.ts';

export type XmlForm = 'answer file' | 'task' | 'XML';

/** A node, value or file inside of a change. */
export interface PartChange {
  readonly at: string;
  readonly before?: string;
  readonly after?: string;
}

export interface XmlChange {
  readonly form: XmlForm;
  readonly parts: readonly PartChange[];
}

/** As in answer files: whole values, within reason. */
const LONGEST = 4096;
/** What starts a program: the image's own lines may hold passwords. */
const COMMAND = /^(?:Command|Arguments)$/i;

/** Undefined when what is there now, or was there before, cannot be read as XML: then only the sizes are told. */
export function describeXml(before: Uint8Array | undefined, after: Uint8Array | undefined): XmlChange | undefined {
  const [old, now] = [documentOf(before), documentOf(after)];
  const root = (now ?? old)?.root;
  if (!root || (after && !now)) return undefined;
  const { namespace } = root;
  if (namespace === UNATTEND_NAMESPACE && root.local === 'unattend') {
    const isAnswer = old?.root.namespace === namespace && old.root.local === root.local;
    const nodes = answerFileDifference(isAnswer ? { document: old } : undefined, now && { document: now });
    return { form: 'answer file', parts: nodes.map((node) => partOf(node.at, node.before?.value, node.after?.value)) };
  }
  const nodes = nodeDifference(old ? leavesOf(old.root) : [], now ? leavesOf(now.root) : [], (a, b) => a.text === b.text);
  return {
    form: namespace === TASK_NAMESPACE ? 'task' : 'XML',
    parts: nodes.map((node) => partOf(node.at, node.before && shown(node.before, 'before'), node.after && shown(node.after, 'after'))),
  };
}

function documentOf(bytes: Uint8Array | undefined): XmlDocument | undefined {
  try {
    return bytes && parseXml(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function shown({ names, text }: XmlLeafNode, side: 'before' | 'after'): string {
  if (names.some((name) => holdsKeyOrPassword(name, text))) return '(redacted)';
  return side === 'before' && COMMAND.test(names.at(-1) ?? '') && text !== '' ? '(a command)' : quoted(text, LONGEST);
}

function partOf(at: string, before: string | undefined, after: string | undefined): PartChange {
  return { at, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
