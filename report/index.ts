// Every report format; written by `npm run gen` from the files of this folder, do not edit.
import type { ReportFormat } from './format.ts';
import { github } from './github.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const reportFormats: readonly ReportFormat[] = [github, html, json, junit, sarif, text];
