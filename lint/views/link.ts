// The view of a shell link: what it starts, and with which arguments.
import { isShellLink, LINK_MAX_BYTES, parseShellLink, type ShellLink } from '../../formats/shell-link/parse.ts';
import { contentView } from '../view.ts';

/** Undefined for what is no shell link. */
export const link = contentView<ShellLink>({
  max: LINK_MAX_BYTES,
  parse: (content) => (isShellLink(content) ? parseShellLink(content) : undefined),
});
