// Walks the settings of a component beside the table: what the table does not know, and what does not work in this pass.
import { elementsOf, type XmlElement } from '../formats/xml/tree.ts';
import type { AnswerComponent } from './model.ts';
import type { Pass } from './names.ts';
import { type KnownSetting, lookUpComponent, ownerOf } from './settings-table.ts';

export interface PathFault {
  readonly kind: 'unknown' | 'wrong-pass' | 'misplaced';
  readonly path: string;
  readonly element: XmlElement;
  /** Where it works, for `wrong-pass`. */
  readonly passes: readonly Pass[];
  /** Where it belongs, for `misplaced`. */
  readonly owner: string;
}

/** The topmost faulty settings of a known component, in order; nothing is said about what stands below a faulty one. */
export function pathFaults(component: AnswerComponent): readonly PathFault[] {
  const known = lookUpComponent(component.name);
  if (!known) return [];
  const faults: PathFault[] = [];
  const visit = (parent: XmlElement, level: ReadonlyMap<string, KnownSetting>, above: string) => {
    for (const element of elementsOf(parent)) {
      const path = `${above}${element.local}`;
      const setting = level.get(element.local.toLowerCase());
      const fault = (kind: PathFault['kind'], passes: readonly Pass[] = [], owner = '') => {
        faults.push({ kind, path, element, passes, owner });
      };
      if (!setting) {
        const owner = above === '' ? misplacedFrom(element) : undefined;
        fault(owner ? 'misplaced' : 'unknown', [], owner);
      } else if (!setting.passes.some((pass) => pass === component.pass)) fault('wrong-pass', setting.passes);
      else visit(element, setting.below, `${path}/`);
    }
  };
  visit(component.element, known.settings, '');
  return faults;
}

/** The one component that has such a group, with one of these settings in it. */
function misplacedFrom(element: XmlElement): string | undefined {
  const owner = ownerOf(element.local);
  const below = owner?.settings.get(element.local.toLowerCase())?.below;
  return elementsOf(element).some(({ local }) => below?.has(local.toLowerCase())) ? owner?.name : undefined;
}
