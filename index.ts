// The public API: what a config, a plugin step, a plugin rule or a script of yours may import from "wtgforge".
export { ConfigError, ImageError, StepError, ToolError, WtgforgeError } from './errors.ts';
export type { Change, Draft } from './image/draft.ts';
export type {
  Architecture,
  Container,
  ContainerId,
  ContentChunk,
  ContentRequest,
  Hive,
  HiveName,
  Image,
  ImageFile,
  ImageInfo,
  ImageSummary,
  RegistryValue,
  StoredValue,
} from './image/image.ts';
export { openContainer } from './image/open.ts';
export { type LintOptions, lintContainer } from './lint/lint.ts';
export type { Location } from './lint/location.ts';
export type { AllowlistEntry, Finding, ImageResult, LintResult, Profile, RuleOutcome, Verdict } from './lint/result.ts';
export {
  defineRule,
  type Level,
  type LintPolicy,
  type Repair,
  type Rule,
  type RuleContext,
  type Select,
  type Severity,
  type SignatureMatch,
  type TextCandidate,
  type VisitedKey,
  type Visitor,
} from './lint/rule.ts';
export { Secret } from './lint/secret.ts';
export { type BuildOptions, type BuildReport, type BuildResult, build, dryRun, type PlanResult, type Progress } from './pipeline/build.ts';
export { type Config, defineConfig, type LintConfig } from './pipeline/config.ts';
export type { Given, OptionDef, OptionDefs, Resolved, SecretRef } from './pipeline/options.ts';
export { secret } from './pipeline/secrets.ts';
export { type ConfiguredStep, defineStep, type PlannedStep, type Step, type StepContext, type StepFactory } from './pipeline/step.ts';
