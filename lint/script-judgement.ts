// What a script in plain form does, taken together: the signs of activation that act, and how much they weigh beside each other.
import { type ActivationSign, activationSigns } from '../formats/activation-script/signs.ts';
import type { PlainScript } from '../formats/script/normalise.ts';
import type { Level } from './rule.ts';
import { purposeOf } from './script-purpose.ts';

/** Signs of lines that do something; what is removed or only spoken of is left out. */
export function actingSigns(script: PlainScript, kmsHosts: readonly string[]): readonly ActivationSign[] {
  return activationSigns(script, kmsHosts).filter(isActing);
}

/** Of the script as a whole: what is done beside each other belongs together. The least one without a sign. */
export function levelOfSigns(signs: readonly ActivationSign[]): Level {
  const strong = signs.filter(({ strength }) => strength === 'strong').length;
  if (strong > 1 || signs.some(({ strength }) => strength === 'certain')) return 'certain';
  return strong === 1 ? 'strong' : 'weak';
}

function isActing({ command, word }: ActivationSign): boolean {
  // A text behind an equals sign is no comment of VBScript.
  return word === '' || purposeOf(command.replace(/=\s*'/g, '= "'), [word]) === 'acts';
}
