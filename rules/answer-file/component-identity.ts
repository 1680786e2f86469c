// What identifies a component beside its name: the attributes that are the same for all of Windows' own components.
import { answerFileRule } from '../../unattend/answer-file-rule.ts';
import { componentIdentity as check } from '../../unattend/checks/component-identity.ts';

export const componentIdentity = answerFileRule(check);
