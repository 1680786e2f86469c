// Event queries of scheduled tasks, asked of generated events: xmllint evaluates the XPath of each Select, as no Windows is here to do it.
import { execFileSync } from 'node:child_process';
import { parseXml } from '../../formats/xml/parse.ts';
import { attributeOf, elementsOf, textOf } from '../../formats/xml/tree.ts';

export interface LoggedEvent {
  readonly log: 'Application' | 'System';
  readonly provider: string;
  readonly id: number;
  readonly level: number;
  readonly data: readonly string[];
}

/** Whether the whole QueryList selects the event. */
export function selectsEvent(queryList: string, event: LoggedEvent): boolean {
  const { root } = parseXml(new TextEncoder().encode(queryList));
  const selects = elementsOf(root).flatMap((query) => elementsOf(query));
  return selects.some((select) => attributeOf(select, 'Path') === event.log && evaluate(textOf(select), event));
}

function evaluate(path: string, { provider, id, level, data }: LoggedEvent): boolean {
  const fields = data.map((text) => `<Data>${text}</Data>`).join('');
  const xml = `<Event><System><Provider Name="${provider}"/><EventID>${id}</EventID><Level>${level}</Level></System><EventData>${fields}</EventData></Event>`;
  return execFileSync('xmllint', ['--xpath', `count(${path}) > 0`, '-'], { input: xml, encoding: 'utf8' }).trim() === 'true';
}

/** An activation event as Security-SPP writes it: requests and answers with all fields in one text, the HRESULT first. */
export function sppEvent(id: 12288 | 12289 | 8198, hresult: string): LoggedEvent {
  const data =
    id === 8198 ? [`hr=${hresult}`, 'RuleId=1;Action=AutoActivate'] : [`${hresult}, 0x00000000, kms.corp.example:1688, 1, 2, 120`];
  return { log: 'Application', provider: 'Microsoft-Windows-Security-SPP', id, level: id === 8198 ? 2 : 4, data };
}
