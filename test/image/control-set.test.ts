// Which control set Windows will load: Select\Default decides, and a set that is not there is an error.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { controlSets, defaultControlSet } from '../../image/control-set.ts';
import { fakeHive } from '../helpers/fake-image.ts';

const code = (error: unknown) => error instanceof ImageError && error.code === 'CONTROL_SET_ABSENT';

test('Default decides, Current does not', () => {
  const hive = fakeHive({ Select: { Current: 1, Default: 2 }, ControlSet001: {}, ControlSet002: {} });
  assert.is(defaultControlSet(hive), 'ControlSet002');
});

test('numbers of two and three digits', () => {
  assert.is(defaultControlSet(fakeHive({ Select: { Default: 12 }, ControlSet012: {} })), 'ControlSet012');
  assert.is(defaultControlSet(fakeHive({ Select: { Default: 123 }, ControlSet123: {} })), 'ControlSet123');
});

test('a set that does not exist, no value, or a value of another type is refused', () => {
  assert.throws(() => defaultControlSet(fakeHive({ Select: { Default: 2 }, ControlSet001: {} })), code);
  assert.throws(() => defaultControlSet(fakeHive({ Select: {}, ControlSet001: {} })), code);
  assert.throws(() => defaultControlSet(fakeHive({ Select: { Default: '1' }, ControlSet001: {} })), code);
  assert.throws(() => defaultControlSet(fakeHive({})), code);
});

test('every control set is listed, other keys are not', () => {
  const hive = fakeHive({ ControlSet001: {}, controlset002: {}, ControlSetX: {}, ControlSet1: {}, Setup: {}, MyControlSet001: {} });
  assert.equal(controlSets(hive), ['ControlSet001', 'controlset002']);
});

test.run();
