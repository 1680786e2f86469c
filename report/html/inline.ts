// A line of a rule's Markdown as HTML: code, bold and italics; everything else is text.
import { markup } from '../markup.ts';

export function inlineHtml(markdown: string): string {
  const line = markdown.trim().replace(/\s+/g, ' ');
  // Code first: what stands in it is neither bold nor italic.
  return line
    .split(/(`[^`]+`)/)
    .map((part) => (/^`.+`$/.test(part) ? `<code>${markup(part.slice(1, -1))}</code>` : styled(markup(part))))
    .join('');
}

function styled(text: string): string {
  return text.replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>').replace(/\*([^*]+)\*/g, '<em>$1</em>');
}
