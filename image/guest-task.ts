// A scheduled task that an image registers when it starts for the first time: its XML and the line that hands it to the scheduler.
import { renderTask, SYSTEM_SID, type TaskSpec } from '../formats/task-xml/task.ts';
import type { Draft } from './draft.ts';
import { type FirstBootAction, GUEST_FOLDER } from './first-boot.ts';

/**
 * Lays the XML into the image as `<id>.xml` and gives back the action that registers it. The XML alone registers nothing: the scheduler
 * loads its tasks from the registry, in a form that nobody documents. [M]
 */
export async function layTask(draft: Draft, id: string, task: TaskSpec): Promise<FirstBootAction> {
  const asSystem = 'userId' in task.principal && task.principal.userId === SYSTEM_SID;
  return layTaskXml(draft, id, task.uri, renderTask(task), asSystem);
}

/** The same for XML that is there already, checked by the caller. `uri` is the task's path: `\folder\name`. */
export async function layTaskXml(draft: Draft, id: string, uri: string, xml: Uint8Array, asSystem: boolean): Promise<FirstBootAction> {
  await draft.write(`${GUEST_FOLDER}/${id}.xml`, xml);
  const user = asSystem ? ' /RU SYSTEM' : '';
  return {
    id,
    lines: [
      `"%SystemRoot%\\System32\\schtasks.exe" /Create /TN "${uri.replaceAll('%', '%%')}" /XML "%~dp0${id}.xml"${user} /F`,
      'exit /b %ERRORLEVEL%',
    ],
  };
}
