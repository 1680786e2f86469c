// Every check of an answer file; written by `npm run gen` from the files of this folder, do not edit.
import type { AnswerCheck } from '../finding.ts';
import { architecture } from './architecture.ts';
import { componentIdentity } from './component-identity.ts';
import { computerName } from './computer-name.ts';
import { duplicates } from './duplicates.ts';
import { idlePass } from './idle-pass.ts';
import { knownComponent } from './known-component.ts';
import { knownSetting } from './known-setting.ts';
import { listAction } from './list-action.ts';
import { listOrder } from './list-order.ts';
import { misplacedSetting } from './misplaced-setting.ts';
import { missingFile } from './missing-file.ts';
import { passes } from './passes.ts';
import { passwordEncoding } from './password-encoding.ts';
import { productKeyForm } from './product-key-form.ts';
import { settingPass } from './setting-pass.ts';
import { settingValue } from './setting-value.ts';

export const answerChecks: readonly AnswerCheck[] = [
  architecture,
  componentIdentity,
  computerName,
  duplicates,
  idlePass,
  knownComponent,
  knownSetting,
  listAction,
  listOrder,
  misplacedSetting,
  missingFile,
  passes,
  passwordEncoding,
  productKeyForm,
  settingPass,
  settingValue,
];
