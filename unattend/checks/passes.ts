// The passes of an answer file: each one known, each one once, and nothing beside them.
import { elementsOf } from '../../formats/xml/tree.ts';
import { attributeText, defineCheck, settingsElements } from '../define-check.ts';
import { PASSES } from '../names.ts';

export const passes = defineCheck({
  id: 'passes',
  title: 'Every pass is known and stands once',
  description: `An answer file is a list of \`<settings>\` elements, one for each of the seven configuration passes, which hold components. Finds a pass
that Windows does not have (the names are compared with case), a pass that stands twice, a \`<settings>\` element without one, and components
or settings at a level where nothing reads them.

**Repair.** Write one \`<settings pass="…">\` for each pass, and put every component into one of them.

Source: Microsoft, "Windows Setup Configuration Passes". What Setup does with such a file has not been tried, so these are warnings.`,
  messages: {
    unknown: 'there is no pass "{pass}"{hint}',
    none: '<settings> names no pass',
    twice: 'the pass {pass} stands a second time; the first one begins in line {line}',
    outside: '<{element}> stands outside of {parent}, where nothing reads it',
  },
  look(file, report) {
    const first = new Map<string, number>();
    for (const element of elementsOf(file.document.root)) {
      const { local, at } = element;
      if (local === 'component') report({ messageId: 'outside', severity: 'warning', at, data: { element: local, parent: '<settings>' } });
    }
    for (const settings of settingsElements(file)) {
      const { at } = settings;
      const pass = attributeText(settings, 'pass');
      const meant = PASSES.find((name) => name.toLowerCase() === pass.toLowerCase());
      if (pass === '') report({ messageId: 'none', severity: 'warning', at });
      else if (meant !== pass) {
        const hint = meant ? `; it is written ${meant}` : '';
        report({ messageId: 'unknown', severity: 'warning', at, data: { pass, hint } });
      }
      if (pass !== '' && first.has(pass)) report({ messageId: 'twice', severity: 'warning', at, data: { pass, line: first.get(pass)! } });
      else first.set(pass, at?.line ?? 0);
      for (const { local, at: place } of elementsOf(settings)) {
        if (local === 'component') continue;
        report({ messageId: 'outside', severity: 'warning', at: place, data: { element: local, parent: 'a <component>' } });
      }
    }
  },
});
