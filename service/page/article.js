// The article with its quotes marked in place.
import { button, make } from "./dom.js";
import { parts, points } from "./offsets.js";
import { speakerId } from "./speakers.js";

/** Everything to mark for the quotes that are shown: {start, end, role, own}. */
function marksOf(attributions) {
  const marks = [];
  for (const own of attributions) {
    for (const span of own.quote.spans) marks.push({ ...span, role: "quote", own });
    for (const role of ["cue", "source"]) if (own[role]) marks.push({ ...own[role], role, own });
    for (const span of own.topics.flatMap(({ evidence }) => evidence)) marks.push({ ...span, role: "ground", own });
  }
  return marks;
}

/**
 * Draw a text. Each part with a mark becomes a span: `data-quotes` has the ids of the quotes it belongs to, `data-start`
 * and `data-end` its place; before each quote stands a button with its number.
 */
export function draw(place, text, attributions, speakers, numbers) {
  const begun = new Set();
  const drawn = [];
  for (const part of parts(text, marksOf(attributions))) {
    const quotes = innermostFirst(part.marks.filter(({ role }) => role === "quote"));
    const fresh = quotes.map((mark) => mark.own).filter(({ id }) => !begun.has(id)).reverse();
    fresh.forEach(({ id }) => begun.add(id));
    if (!part.marks.length) drawn.push(document.createTextNode(part.text));
    else if (fresh.length) drawn.push(...headed(part, quotes, fresh, drawn.at(-1), speakers, numbers));
    else drawn.push(marked(part, quotes, speakers));
  }
  place.replaceChildren(...drawn);
}

/** A part as a span, in the colour of its innermost quote, or of the quote that it is source or cue of. */
function marked(part, quotes, speakers) {
  const others = part.marks.filter(({ role }) => role === "cue" || role === "source");
  const own = (quotes[0] ?? others[0])?.own;
  const roles = [quotes.length ? "quote" : null, quotes.length > 1 ? "nested" : null, ...new Set(others.map(({ role }) => role))];
  return make("span", {
    class: [own && speakers.get(speakerId(own)).hue, ...roles].filter(Boolean).join(" ") || null,
    "data-start": part.start,
    "data-end": part.end,
    "data-quotes": quotes.map((mark) => mark.own.id).join(" ") || null,
  }, part.text);
}

/**
 * A part at which quotes begin. Their numbers, the opening mark before them (taken from the text node before) and the
 * first word stay on one line.
 */
function headed(part, quotes, fresh, before, speakers, numbers) {
  const word = /^\S{0,24}(?!\S)/u.exec(part.text)?.[0] ?? "";
  const middle = part.start + points(word);
  const opening = before instanceof Text ? (/[“„«"‘']$/.exec(before.data)?.[0] ?? "") : "";
  if (opening) before.data = before.data.slice(0, -1);
  const head = make("span", { class: "head" }, ...fresh.map((own) => reference(own, speakers.get(speakerId(own)), numbers.get(own.id))), opening);
  if (word) head.append(marked({ ...part, end: middle, text: word }, quotes, speakers));
  const rest = part.text.slice(word.length);
  return rest ? [head, marked({ ...part, start: middle, text: rest }, quotes, speakers)] : [head];
}

/** The number before a quote: drawn by the style sheet, so that the text of the article stays the article's. */
function reference(own, speaker, number) {
  return button({ class: `reference ${speaker.hue}`, "data-quote": own.id, "data-number": number, "aria-label": `Quote ${number}, ${speaker.name}: show in the list` });
}

/** Of quotes that hold one another the shortest gives the colour. */
const innermostFirst = (marks) => [...marks].sort((a, b) => a.end - a.start - (b.end - b.start));

/** Give a class to all that lies inside some spans, and take it from everything else. */
export function light(place, spans, name) {
  for (const part of place.querySelectorAll("[data-start]")) {
    const [start, end] = [Number(part.dataset.start), Number(part.dataset.end)];
    part.classList.toggle(name, spans.some((span) => span.start <= start && end <= span.end));
  }
}

/** The first part of a quote. */
export const partOf = (place, id) => place.querySelector(`[data-quotes~="${CSS.escape(id)}"]`);
