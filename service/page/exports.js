// The quotes as text to take away. The columns and the guard are those of the service's own CSV.

const COLUMNS = {
  id: (own) => own.id,
  speaker: (own) => own.speaker?.name,
  kind: (own) => own.speaker?.kind,
  role: (own) => own.speaker?.role,
  affiliation: (own) => own.speaker?.affiliation,
  on_behalf_of: (own) => own.speaker?.on_behalf_of,
  quote: (own) => own.quote.text,
  type: (own) => own.quote.type,
  negated: (own) => String(own.negated),
  topics: (own) => own.topics.map(({ topic }) => topic).join("; "),
  confidence: (own) => own.confidence.toFixed(4),
  source: (own) => own.source?.text,
  cue: (own) => own.cue?.text,
  spans: (own) => own.quote.spans.map(({ start, end }) => `${start}-${end}`).join("; "),
};

// What a spreadsheet takes for the start of a formula, and spaces that it skips.
const FORMULA = /^(?:[ \u00a0\t\r\n]*[=+\-@＝＋－＠]|[\t\r\n])/;

function cell(value) {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A row a quote (RFC 4180); no cell is run by a spreadsheet. */
export function csv(answer) {
  const rows = answer.attributions.map((own) => Object.values(COLUMNS).map((read) => cell(read(own) ?? "")));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** The answer as the API gave it, with the quotes that are shown. */
export const json = (answer) => `${JSON.stringify(answer, null, 2)}\n`;

/** A quote as it is printed: the parts of an interrupted one joined by an ellipsis, marks where the words are the speaker's own. */
export function spoken({ quote }) {
  const words = quote.spans.map(({ text }) => text.trim().replace(/\s+/g, " ")).join(" … ");
  return quote.type === "direct" ? `“${words}”` : words;
}

/** Who said it, as a reader wants it. */
export const named = ({ speaker }) => [speaker?.name ?? "Source not named", speaker?.role].filter(Boolean).join(", ");

/** Plain text without links, a quote a line. */
export const citations = (answer) =>
  answer.attributions
    .map((own) => {
      const notes = [own.quote.type === "direct" ? "" : own.quote.type, own.negated ? "denied" : ""].filter(Boolean);
      return `${spoken(own)} — ${named(own)}${notes.length ? ` (${notes.join(", ")})` : ""}\n`;
    })
    .join("");

/** Put words on the clipboard, also where the page is not served over HTTPS and the modern way is closed. */
export async function copy(words) {
  if (navigator.clipboard) return navigator.clipboard.writeText(words);
  const carrier = document.createElement("textarea");
  carrier.value = words;
  document.body.append(carrier);
  carrier.select();
  const done = document.execCommand("copy");
  carrier.remove();
  if (!done) throw new Error("the browser does not allow it");
}

/** Offer words as a file. The byte order mark tells spreadsheets that it is UTF-8. */
export function save(words, name) {
  const address = URL.createObjectURL(new Blob(["\ufeff", words], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
