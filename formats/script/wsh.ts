// What Windows Script Host makes of the literals of VBScript and JScript: texts put together, characters by number, escapes.
import { type MappedText, replaceMapped } from './mapped.ts';

const ROUNDS_MAX = 3;
const NUMBER = /^(?:0x[0-9a-f]{1,4}|\d{1,5})$/i;

export function plainVbscript(source: MappedText): MappedText {
  // A line ends with ` _` when the next one belongs to it.
  let text = replaceMapped(source, /[ \t]_[ \t]*\r?\n[ \t]*/g, () => ' ');
  text = replaceMapped(text, /\bchrw?\$?\(\s*(&h[0-9a-f]{1,4}|\d{1,5})\s*\)/gi, ([, code]) =>
    quoted(characterOf(code!.replace(/^&h/i, '0x'))),
  );
  return joined(text, /"[ \t]*[&+][ \t]*"/g);
}

export function plainJscript(source: MappedText): MappedText {
  let text = replaceMapped(source, /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/gi, ([, two, four]) => characterOf(`0x${two ?? four}`));
  // Only parted by what no number holds: an expression for a list of numbers tries each number in all its parts.
  text = replaceMapped(text, /\bString\.fromCharCode\(([\da-fx,\s]{1,40000})\)/gi, ([, codes]) => {
    const numbers = codes!.split(/[,\s]+/).filter((code) => code !== '');
    return numbers.length > 0 && numbers.every((code) => NUMBER.test(code)) ? quoted(numbers.map(characterOf).join('')) : undefined;
  });
  return joined(joined(text, /"\s*\+\s*"/g), /'\s*\+\s*'/g);
}

function joined(source: MappedText, seam: RegExp): MappedText {
  let text = source;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = replaceMapped(text, seam, () => '');
    if (next === text) break;
    text = next;
  }
  return text;
}

function characterOf(code: string): string {
  const number = Number(code);
  return Number.isInteger(number) && number >= 0x20 && number <= 0xffff ? String.fromCharCode(number) : '';
}

function quoted(text: string): string {
  return `"${text}"`;
}
