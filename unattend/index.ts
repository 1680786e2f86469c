// The answer-file engine: what `wtgforge/unattend` exports.
export type { Position, XmlDocument, XmlElement, XmlNode } from '../formats/xml/tree.ts';
export { type AnswerSpec, answerFile, mergeSettings, type SettingGroup, type SettingValue, withSettings } from './build.ts';
export { checkAnswerFile } from './check.ts';
export { answerChecks } from './checks/index.ts';
export {
  holdsSecrets,
  type PasswordEntry,
  type PasswordState,
  type ProductKeyEntry,
  type ProductKeyState,
  passwordsOf,
  productKeysOf,
} from './decode.ts';
export type { AnswerCheck, AnswerContext, AnswerFinding, AnswerSeverity } from './finding.ts';
export { ANSWER_FILE_VALUE, type AnswerFileLocation, answerFileCopies, answerFileLocations } from './locations.ts';
export { type MergedAnswerFile, type MergeInput, mergeAnswerFiles } from './merge.ts';
export { type ConflictAnswer, type ConflictSide, type MergeConflict, MergeConflictError, renderConflicts } from './merge-conflict.ts';
export {
  type AnswerComponent,
  type AnswerFile,
  type AnswerSetting,
  componentsOf,
  parseAnswerFile,
  processedPasses,
  renderAnswerFile,
  settingOf,
  settingsOf,
} from './model.ts';
export { COMPONENT_ARCHITECTURES, COMPONENT_IDENTITY, PASSES, type Pass, UNATTEND_NAMESPACE, WCM_NAMESPACE } from './names.ts';
export { decodePassword, encodePassword, PASSWORD_ELEMENTS, SCRUBBED } from './password.ts';
export type { Place } from './provenance.ts';
export { type KnownComponent, type KnownSetting, knownComponents, lookUpComponent, lookUpSetting, tableSize } from './settings-table.ts';
export { type PassOutcome, type PlacedAnswerFile, type Shadowing, shadowingOf } from './shadowing.ts';
