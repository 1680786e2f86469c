// The command line that a shell link stands for.
import type { ShellLink } from './parse.ts';

/** The program in quotation marks, with the arguments: the local path, else the items, else the path with variables, else the relative one. */
export function commandOfLink({ localPath, itemPath, expandable, relativePath, arguments: rest }: ShellLink): string {
  const program = localPath || itemPath || expandable || relativePath || '';
  return rest ? `"${program}" ${rest}` : `"${program}"`;
}
