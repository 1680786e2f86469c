// SanPolicy of the control set that is started.
import { test } from 'uvu';
import { sanPolicy } from '../../../rules/hygiene/san-policy.ts';
import type { FakeValue } from '../../helpers/fake-image.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const key = (set: number) => `ControlSet00${set}\\Services\\partmgr\\Parameters`;
const at = (set: number) => ({ hive: 'SYSTEM', key: key(set), name: 'SanPolicy' });
const image = (sets: Record<number, FakeValue | undefined>, select?: number) => ({
  SYSTEM: {
    ...(select === undefined ? {} : { Select: { Default: select, Current: select } }),
    ...Object.fromEntries(Object.entries(sets).map(([set, value]) => [key(Number(set)), value === undefined ? {} : { SanPolicy: value }])),
  },
});

ruleTester(sanPolicy, {
  good: [
    { name: 'internal disks stay offline', image: image({ 1: 4 }, 1) },
    { name: 'another control set is not started', image: image({ 1: 1, 2: 4 }, 2) },
    { name: 'every control set, when none is chosen', image: image({ 1: 4, 2: 4 }) },
  ],
  bad: [
    {
      name: 'the value of a stock Windows 10',
      image: image({ 1: 1 }, 1),
      findings: [{ messageId: 'wrong', at: at(1), says: 'SanPolicy is 1,' }],
    },
    { name: 'the chosen control set is wrong', image: image({ 1: 4, 2: 3 }, 2), findings: [{ messageId: 'wrong', at: at(2) }] },
    { name: 'no value', image: image({ 1: undefined }, 1), findings: [{ messageId: 'missing', at: at(1) }] },
    { name: 'text instead of a number', image: image({ 1: '4' }, 1), findings: [{ messageId: 'wrong', at: at(1) }] },
    {
      name: 'one of several, when none is chosen',
      image: image({ 1: 4, 2: 1 }),
      findings: [{ messageId: 'wrong', at: at(2) }],
    },
    { name: 'no SYSTEM hive', image: {}, findings: [], unable: 'SYSTEM' },
    { name: 'no control set', image: { SYSTEM: { Setup: {} } }, findings: [], unable: 'holds no control set' },
  ],
});

test.run();
