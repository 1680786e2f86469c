// Small answer files as inputs of a merge, and what came out of it as text.
import type { MergeInput } from '../../unattend/merge.ts';
import { parseAnswerFile, renderAnswerFile } from '../../unattend/model.ts';

export const SHELL = 'Microsoft-Windows-Shell-Setup';
export const LATER = { conflict: 'later' } as const;
export const input = (name: string, source: string | Uint8Array): MergeInput => ({
  name,
  file: parseAnswerFile(typeof source === 'string' ? new TextEncoder().encode(source) : source),
});
export const text = ({ file }: { file: MergeInput['file'] }) => new TextDecoder().decode(renderAnswerFile(file));
export const shell = (body: string, more = 'processorArchitecture="amd64"') =>
  `<component name="${SHELL}" ${more} xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">${body}</component>`;
export const answer = (body: string) => `<unattend xmlns="urn:schemas-microsoft-com:unattend">${body}</unattend>`;
export const oobe = (body: string) => answer(`<settings pass="oobeSystem">${shell(body)}</settings>`);
export const commands = (...lines: readonly (readonly [number, string])[]) =>
  `<FirstLogonCommands>${lines
    .map(
      ([order, line]) =>
        `<SynchronousCommand wcm:action="add"><Order>${order}</Order><CommandLine>${line}</CommandLine></SynchronousCommand>`,
    )
    .join('')}</FirstLogonCommands>`;
