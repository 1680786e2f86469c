// Every built-in rule; written by `npm run gen` from the files of this folder, do not edit.
import type { Rule } from '../lint/rule.ts';
import { activatorName } from './activation/activator-name.ts';
import { kmsHostPolicy } from './activation/kms-host-policy.ts';
import { kmsProtocolConstants } from './activation/kms-protocol-constants.ts';
import { sppImageHijack } from './activation/spp-image-hijack.ts';
import { generalized } from './hygiene/generalized.ts';
import { sanPolicy } from './hygiene/san-policy.ts';
import { writableByUsers } from './hygiene/writable-by-users.ts';
import { answerFilePassword } from './secrets/answer-file-password.ts';
import { productKey } from './secrets/product-key.ts';

export {
  activatorName,
  answerFilePassword,
  generalized,
  kmsHostPolicy,
  kmsProtocolConstants,
  productKey,
  sanPolicy,
  sppImageHijack,
  writableByUsers,
};

export const rules: readonly Rule[] = [
  activatorName as unknown as Rule,
  kmsHostPolicy as unknown as Rule,
  kmsProtocolConstants as unknown as Rule,
  sppImageHijack as unknown as Rule,
  generalized as unknown as Rule,
  sanPolicy as unknown as Rule,
  writableByUsers as unknown as Rule,
  answerFilePassword as unknown as Rule,
  productKey as unknown as Rule,
];
