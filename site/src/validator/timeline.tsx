// When the records of a finding happened, drawn on one axis.
//
// In: records with their times. Out: a picture with a line a record; nothing where time cannot have decided.
// Invariant: only times that stand in the records are drawn; a supply of drugs is as long as its days.

import { kindName, kindOf } from "../shell/names.js";
import { text } from "../shell/settings.js";
import type { EvidenceRecord } from "../worker/protocol.js";

const MOST = 40;
const DAY = 86_400_000;
const [WIDTH, LABEL, LANE, TOP] = [640, 190, 20, 26];

interface Span {
  record: EvidenceRecord;
  label: string;
  start: number;
  end: number;
  open: boolean;
}

function instant(value: string | null | undefined): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(value ?? "");
  if (!found) return null;
  const [, year, month, day, hour, minute, second] = found.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour || 0, minute || 0, second || 0);
}

/** From start to end, or as long as the supply lasts, or a moment. */
function spanOf(record: EvidenceRecord): Span | null {
  const kind = kindOf(record.kind);
  const fields = record.fields;
  if (!kind || !fields) return null;
  const [from, to] = kind.interval;
  const clock = from ? [from] : kind.clock;
  const start = clock.map((field) => instant(fields[field])).find((time) => time !== null) ?? null;
  if (start === null) return null;
  const days = Number.parseFloat(fields["days_of_supply"] ?? "");
  const written = to ? instant(fields[to]) : null;
  const end = written ?? (days > 0 ? start + days * DAY : start);
  const name = fields["item_name"] ?? fields["main_diagnosis_name"] ?? fields["name"] ?? fields["insurance"] ?? record.key;
  const isOpen = kind.interval.length > 0 && written === null && record.kind !== "visit";
  return { record, label: `${kindName(record.kind)} ${name}`, start, end: Math.max(start, end), open: isOpen };
}

const two = (value: number) => String(value).padStart(2, "0");

function dayText(time: number, withHour: boolean): string {
  const date = new Date(time);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return withHour ? `${day.slice(5)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}` : day;
}

function Lane({ span, at, x, right }: { span: Span; at: number; x: (time: number) => number; right: number }) {
  const y = TOP + at * LANE + LANE / 2;
  const [from, to] = [x(span.start), span.open ? right : x(span.end)];
  const kind = span.record.role === "offending" ? "offending" : "involved";
  const shape = to - from >= 3
    ? <rect class={`mark ${kind}`} x={from} y={y - 5} width={to - from} height="10" rx="2" />
    : kind === "offending"
      ? <path class="mark offending" d={`M${from} ${y - 6}l6 6-6 6-6-6z`} />
      : <circle class="mark involved" cx={from} cy={y} r="4.5" />;
  return (
    <g>
      <text class={kind} x={LABEL - 8} y={y + 4} text-anchor="end">{span.label.length > 15 ? `${span.label.slice(0, 14)}…` : span.label}</text>
      <line class="lane" x1={LABEL} x2={right} y1={y} y2={y} />
      {shape}
    </g>
  );
}

export function Timeline({ records }: { records: EvidenceRecord[] }) {
  const t = text.value.detail;
  const spans = records.map(spanOf).filter((span): span is Span => span !== null);
  const lasting = spans.some((span) => span.end > span.start);
  if (spans.length === 0 || (spans.length === 1 && !lasting)) return null;
  spans.sort((left, right) => left.start - right.start || left.end - right.end);
  const shown = spans.slice(0, MOST);
  const first = Math.min(...shown.map((span) => span.start));
  const last = Math.max(...shown.map((span) => span.end));
  const width = Math.max(last - first, 60_000);
  const right = WIDTH - 14;
  const x = (time: number) => LABEL + 6 + ((time - first) / width) * (right - LABEL - 12);
  const height = TOP + shown.length * LANE + 6;
  const withHour = width < 3 * DAY;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => first + width * part);
  const range = `${dayText(first, false)} – ${dayText(last, false)}`;
  const says = `${t.timeline}：${shown.map((span) => `${span.label} ${dayText(span.start, withHour)}`).join("；")}`;
  return (
    <section class="timeline">
      <h4>{t.timeline} <span class="faint">{range}（{t.days(Math.round(width / DAY))}）</span></h4>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={says}>
        {ticks.map((time, at) => (
          <g>
            <line class="tick" x1={x(time)} x2={x(time)} y1={TOP - 6} y2={height} />
            <text class="axis" x={x(time)} y={TOP - 10} text-anchor={at === 0 ? "start" : at === 4 ? "end" : "middle"}>
              {withHour ? dayText(time, true) : dayText(time, false).slice(2)}
            </text>
          </g>
        ))}
        {shown.map((span, at) => <Lane span={span} at={at} x={x} right={right} />)}
      </svg>
      <p class="legend"><span class="key-offending" aria-hidden="true">◆</span>{t.offending}<span class="key-involved" aria-hidden="true">○</span>{t.involved}
        {spans.length > MOST && <span class="faint">{t.timelineMore(spans.length - MOST)}</span>}</p>
    </section>
  );
}
