// Every built-in rule; written by `npm run gen` from the files of this folder, do not edit.
import type { Rule } from '../lint/rule.ts';
import { activatorName } from './activation/activator-name.ts';
import { autostartCommand } from './activation/autostart-command.ts';
import { backgroundProgram } from './activation/background-program.ts';
import { bootChain } from './activation/boot-chain.ts';
import { defenderTampering } from './activation/defender-tampering.ts';
import { driverPackage } from './activation/driver-package.ts';
import { emulatorData } from './activation/emulator-data.ts';
import { genuineTicket } from './activation/genuine-ticket.ts';
import { kmsHostPolicy } from './activation/kms-host-policy.ts';
import { kmsPort } from './activation/kms-port.ts';
import { kmsProtocolConstants } from './activation/kms-protocol-constants.ts';
import { licensingLibrary } from './activation/licensing-library.ts';
import { licensingSignature } from './activation/licensing-signature.ts';
import { licensingState } from './activation/licensing-state.ts';
import { nameRedirection } from './activation/name-redirection.ts';
import { pastRun } from './activation/past-run.ts';
import { pastStart } from './activation/past-start.ts';
import { registryFile } from './activation/registry-file.ts';
import { scheduledTask } from './activation/scheduled-task.ts';
import { scriptSemantics } from './activation/script-semantics.ts';
import { setupScript } from './activation/setup-script.ts';
import { sppImageHijack } from './activation/spp-image-hijack.ts';
import { startedScript } from './activation/started-script.ts';
import { trafficRedirect } from './activation/traffic-redirect.ts';
import { wmiConsumer } from './activation/wmi-consumer.ts';
import { architecture } from './answer-file/architecture.ts';
import { componentIdentity } from './answer-file/component-identity.ts';
import { computerName } from './answer-file/computer-name.ts';
import { duplicates } from './answer-file/duplicates.ts';
import { idlePass } from './answer-file/idle-pass.ts';
import { knownComponent } from './answer-file/known-component.ts';
import { knownSetting } from './answer-file/known-setting.ts';
import { listAction } from './answer-file/list-action.ts';
import { listOrder } from './answer-file/list-order.ts';
import { misplacedSetting } from './answer-file/misplaced-setting.ts';
import { missingFile } from './answer-file/missing-file.ts';
import { passes } from './answer-file/passes.ts';
import { passwordEncoding } from './answer-file/password-encoding.ts';
import { productKeyForm } from './answer-file/product-key-form.ts';
import { readable } from './answer-file/readable.ts';
import { settingPass } from './answer-file/setting-pass.ts';
import { settingValue } from './answer-file/setting-value.ts';
import { generalized } from './hygiene/generalized.ts';
import { joinResidue } from './hygiene/join-residue.ts';
import { machineResidue } from './hygiene/machine-residue.ts';
import { opaqueContent } from './hygiene/opaque-content.ts';
import { sanPolicy } from './hygiene/san-policy.ts';
import { writableByUsers } from './hygiene/writable-by-users.ts';
import { answerFilePassword } from './secrets/answer-file-password.ts';
import { automaticLogon } from './secrets/automatic-logon.ts';
import { commandPassword } from './secrets/command-password.ts';
import { deploymentSettings } from './secrets/deployment-settings.ts';
import { domainJoinBlob } from './secrets/domain-join-blob.ts';
import { hiddenKey } from './secrets/hidden-key.ts';
import { privateKey } from './secrets/private-key.ts';
import { productKey } from './secrets/product-key.ts';
import { wifiProfile } from './secrets/wifi-profile.ts';

export {
  activatorName,
  answerFilePassword,
  architecture,
  automaticLogon,
  autostartCommand,
  backgroundProgram,
  bootChain,
  commandPassword,
  componentIdentity,
  computerName,
  defenderTampering,
  deploymentSettings,
  domainJoinBlob,
  driverPackage,
  duplicates,
  emulatorData,
  generalized,
  genuineTicket,
  hiddenKey,
  idlePass,
  joinResidue,
  kmsHostPolicy,
  kmsPort,
  kmsProtocolConstants,
  knownComponent,
  knownSetting,
  licensingLibrary,
  licensingSignature,
  licensingState,
  listAction,
  listOrder,
  machineResidue,
  misplacedSetting,
  missingFile,
  nameRedirection,
  opaqueContent,
  passes,
  passwordEncoding,
  pastRun,
  pastStart,
  privateKey,
  productKey,
  productKeyForm,
  readable,
  registryFile,
  sanPolicy,
  scheduledTask,
  scriptSemantics,
  settingPass,
  settingValue,
  setupScript,
  sppImageHijack,
  startedScript,
  trafficRedirect,
  wifiProfile,
  wmiConsumer,
  writableByUsers,
};

export const rules: readonly Rule[] = [
  activatorName as unknown as Rule,
  autostartCommand as unknown as Rule,
  backgroundProgram as unknown as Rule,
  bootChain as unknown as Rule,
  defenderTampering as unknown as Rule,
  driverPackage as unknown as Rule,
  emulatorData as unknown as Rule,
  genuineTicket as unknown as Rule,
  kmsHostPolicy as unknown as Rule,
  kmsPort as unknown as Rule,
  kmsProtocolConstants as unknown as Rule,
  licensingLibrary as unknown as Rule,
  licensingSignature as unknown as Rule,
  licensingState as unknown as Rule,
  nameRedirection as unknown as Rule,
  pastRun as unknown as Rule,
  pastStart as unknown as Rule,
  registryFile as unknown as Rule,
  scheduledTask as unknown as Rule,
  scriptSemantics as unknown as Rule,
  setupScript as unknown as Rule,
  sppImageHijack as unknown as Rule,
  startedScript as unknown as Rule,
  trafficRedirect as unknown as Rule,
  wmiConsumer as unknown as Rule,
  architecture as unknown as Rule,
  componentIdentity as unknown as Rule,
  computerName as unknown as Rule,
  duplicates as unknown as Rule,
  idlePass as unknown as Rule,
  knownComponent as unknown as Rule,
  knownSetting as unknown as Rule,
  listAction as unknown as Rule,
  listOrder as unknown as Rule,
  misplacedSetting as unknown as Rule,
  missingFile as unknown as Rule,
  passes as unknown as Rule,
  passwordEncoding as unknown as Rule,
  productKeyForm as unknown as Rule,
  readable as unknown as Rule,
  settingPass as unknown as Rule,
  settingValue as unknown as Rule,
  generalized as unknown as Rule,
  joinResidue as unknown as Rule,
  machineResidue as unknown as Rule,
  opaqueContent as unknown as Rule,
  sanPolicy as unknown as Rule,
  writableByUsers as unknown as Rule,
  answerFilePassword as unknown as Rule,
  automaticLogon as unknown as Rule,
  commandPassword as unknown as Rule,
  deploymentSettings as unknown as Rule,
  domainJoinBlob as unknown as Rule,
  hiddenKey as unknown as Rule,
  privateKey as unknown as Rule,
  productKey as unknown as Rule,
  wifiProfile as unknown as Rule,
];
