// What steps want of registry values: two steps that want different things are an error that names both.
import { StepError } from '../errors.ts';
import type { StoredValue } from './image.ts';
import { sameStored, showValue } from './registry-value.ts';

interface Intent {
  readonly step: string;
  /** Undefined: the step wants no value there. */
  readonly value: StoredValue | undefined;
  /** No message shows it. */
  readonly secret: boolean;
}

export class Intents {
  /** By key and name in lower case; the key begins with its hive. */
  private readonly wanted = new Map<string, Intent>();

  /** By key in lower case: the step that wants it, with or without values. */
  private readonly made = new Map<string, string>();

  makeKey(step: string, key: string): void {
    this.made.set(key.toLowerCase(), step);
  }

  /** @throws StepError CHANGE_CONFLICT when an earlier step wants something else */
  set(step: string, key: string, name: string, value: StoredValue | undefined, secret = false): void {
    const place = `${key}!${name}`.toLowerCase();
    const earlier = this.wanted.get(place);
    const agrees = !earlier || (value ? sameStored(earlier.value, value) : earlier.value === undefined);
    if (earlier && earlier.step !== step && !agrees) {
      const want = (intent: Omit<Intent, 'step'>) => {
        if (!intent.value) return 'no value';
        return intent.secret ? 'a secret' : showValue(intent.value);
      };
      throw new StepError(
        'CHANGE_CONFLICT',
        `${step}: wants ${want({ value, secret })} in ${key}!${name}, but ${earlier.step} wants ${want(earlier)} there`,
        { hint: `Make the options of ${earlier.step} and ${step} agree, or leave one of the steps out.` },
      );
    }
    this.wanted.set(place, { step, value, secret });
  }

  /**
   * The key goes with all below it: what the step itself wanted there is taken back.
   * @throws StepError CHANGE_CONFLICT when an earlier step wants a value there
   */
  removeKey(step: string, key: string): void {
    const at = key.toLowerCase();
    const below = [...this.wanted].filter(([place]) => place.startsWith(`${at}!`) || place.startsWith(`${at}\\`));
    const lost = below.find(([, intent]) => intent.step !== step && intent.value);
    if (lost) {
      const [place, intent] = lost;
      throw new StepError(
        'CHANGE_CONFLICT',
        `${step}: removes ${key}, but ${intent.step} wants ${intent.secret ? 'a secret' : showValue(intent.value!)} in ${place}`,
        {
          hint: `Put ${step} before ${intent.step}, or leave one of the steps out.`,
        },
      );
    }
    const keys = [...this.made].filter(([place]) => place === at || place.startsWith(`${at}\\`));
    const maker = keys.find(([, other]) => other !== step)?.[1];
    if (maker) {
      throw new StepError('CHANGE_CONFLICT', `${step}: removes ${key}, but ${maker} makes a key there`, {
        hint: `Put ${step} before ${maker}, or leave one of the steps out.`,
      });
    }
    for (const [place] of keys) this.made.delete(place);
    for (const [place, intent] of below) if (intent.step === step) this.wanted.delete(place);
  }
}
