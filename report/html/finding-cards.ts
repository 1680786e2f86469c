// The findings of one image as cards: a card for each rule, why it matters and its repair at the top, the places below.
import { locationText, spotText } from '../../lint/location.ts';
import type { Finding } from '../../lint/result.ts';
import { counted, evidenceBeside, type RuleGroup } from '../findings.ts';
import { markup } from '../markup.ts';
import { inlineHtml } from './inline.ts';

export function ruleCard({ rule, severity, findings }: RuleGroup, title: string | undefined): string {
  const [first] = findings;
  const why = first?.why === undefined ? '' : `<p class="why">${inlineHtml(first.why)}</p>`;
  return `<article class="card rule ${severity}" data-group>
<header><div><span class="pill ${severity}">${severity}</span><h3>${inlineHtml(title ?? rule)}</h3></div>
<p class="id"><code>${markup(rule)}</code> · ${counted(findings.length, 'place')}</p>${why}${repairs(findings)}</header>
<ul class="findings">
${findings.map((finding) => item(finding, finding.severity)).join('')}</ul>
</article>
`;
}

/** What exceptions cover: every finding with the reason why. */
export function allowedCard(findings: readonly Finding[]): string {
  return `<section class="card" data-group><h3>Allowed (${findings.length})</h3>
<ul class="plain">
${findings
  .map((finding) => {
    const { reason, until } = finding.allowed!;
    const last = until === undefined ? '' : ` until ${markup(until)}`;
    return `<li data-kind="allowed" data-about="${markup(finding.rule)}">${place(finding)}<br>${markup(finding.message)}
<p><code>${markup(finding.rule)}</code> · ${finding.severity} · allowed${last}: ${markup(reason)}</p></li>
`;
  })
  .join('')}</ul></section>
`;
}

function item(finding: Finding, severity: string): string {
  const { level, rule, message, messageId, raised, sha256 } = finding;
  const seen = evidenceBeside(finding);
  const tags = [severity, ...(level === undefined ? [] : [level])];
  const more = [
    ...(seen === '' ? [] : [`Seen: <code>${markup(seen)}</code>`]),
    ...(raised === undefined ? [] : [`Raised: ${markup(raised)}`]),
    ...(sha256 === undefined ? [] : [`SHA-256: <code>${markup(sha256)}</code>`]),
  ];
  return `<li data-kind="${severity}" data-about="${markup(`${rule} ${messageId}`)}">${place(finding)}
<span class="tags">${tags.map((tag, at) => `<span class="pill${at === 0 ? ` ${severity}` : ''}">${markup(tag)}</span>`).join('')}</span>
<p>${markup(message)}</p>
${more.map((line) => `<p class="more">${line}</p>`).join('\n')}</li>
`;
}

function place({ at }: Finding): string {
  const spot = spotText(at);
  return `<span class="place">${markup(locationText(at))}${spot === '' ? '' : ` <span>${markup(spot)}</span>`}</span>`;
}

function repairs(findings: readonly Finding[]): string {
  const texts = new Set(
    findings.flatMap(({ repair }) => {
      if (!repair) return [];
      const step = repair.step === undefined ? '' : ` Step: <code>${markup(repair.step)}</code>`;
      return [`<p class="repair"><b>Repair</b> ${inlineHtml(repair.text)}${step}</p>`];
    }),
  );
  return [...texts].join('');
}
