// The answer-file engine: what `wtgforge/unattend` exports.
export type { Position, XmlDocument, XmlElement, XmlNode } from '../formats/xml/tree.ts';
export { type AnswerSpec, answerFile, type SettingGroup, type SettingValue, withSettings } from './build.ts';
export { ANSWER_FILE_VALUE, type AnswerFileLocation, answerFileCopies, answerFileLocations } from './locations.ts';
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
