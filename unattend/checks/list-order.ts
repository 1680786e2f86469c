// The Order of list items: there, a number, unique, and beginning with 1.
import { childOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import { defineCheck, isPlaceholder, listed } from '../define-check.ts';
import { listsBelow } from '../list-items.ts';
import { componentsOf } from '../model.ts';

/** The reference: "an integer from 1 through 500". */
const ORDER_MAX = 500;

export const listOrder = defineCheck({
  id: 'list-order',
  title: 'Order of list items is unique and begins with 1',
  description: `Commands and partitions run in the order of their \`Order\`, an integer from 1 to ${ORDER_MAX}; partitions must count 1, 2, 3. Two items of the same
\`Order\` leave open which one comes first, or whether both are done at all. Commands may leave numbers out; that they do not begin with 1 is
only a note.

**Repair.** Number the items of each list anew from 1.

Source: Microsoft, "Unattended Windows Setup Reference", the pages of \`Order\`. What Setup does with twins has not been tried, so these are warnings.`,
  messages: {
    missing: '{count} items <{item}> have no Order',
    noNumber: 'the Order of <{item}> is "{value}", not a number from 1 to {max}',
    twice: 'two items <{item}> have the Order {order}; the other one stands in line {line}',
    start: 'the Order of the items <{item}> begins with {order}, not with 1',
    gap: 'the Order of the items <{item}> leaves out {missing}: partitions count 1, 2, 3',
  },
  look(file, report) {
    for (const component of componentsOf(file)) {
      for (const { name: item, items, ordered } of listsBelow(component.element)) {
        if (!ordered) continue;
        const bare = items.filter((element) => !childOf(element, 'Order'));
        const first = bare[0]?.at;
        if (bare.length > 0) report({ messageId: 'missing', severity: 'warning', at: first, data: { item, count: bare.length } });
        const seen = new Map<number, XmlElement>();
        for (const element of items) {
          const order = childOf(element, 'Order');
          const value = order ? textOf(order).trim() : '';
          if (!order || isPlaceholder(value)) continue;
          const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
          const twin = seen.get(number);
          const { at } = order;
          if (number < 1 || number > ORDER_MAX) {
            report({ messageId: 'noNumber', severity: 'warning', at, data: { item, value, max: ORDER_MAX } });
          } else if (twin) report({ messageId: 'twice', severity: 'warning', at, data: { item, order: number, line: twin.at?.line ?? 0 } });
          else seen.set(number, element);
        }
        const numbers = [...seen.keys()].sort((a, b) => a - b);
        if (numbers.length === 0) continue;
        const [lowest, highest] = [numbers[0]!, numbers.at(-1)!];
        const { at } = seen.get(lowest)!;
        const partitions = /partition$/i.test(item);
        if (lowest !== 1) report({ messageId: 'start', severity: partitions ? 'warning' : 'note', at, data: { item, order: lowest } });
        const left = Array.from({ length: highest - lowest }, (_, index) => lowest + index).filter((number) => !seen.has(number));
        if (partitions && left.length > 0) {
          report({ messageId: 'gap', severity: 'warning', at, data: { item, missing: listed(left.map(String)) } });
        }
      }
    }
  },
});
