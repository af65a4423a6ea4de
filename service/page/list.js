// The quotes as a list: who, what, about what, how sure.
import { button, make, percent, titled, unseen } from "./dom.js";
import { spoken } from "./exports.js";
import { speakerId } from "./speakers.js";

/** Draw the cards. What is done with them is told by attributes: data-show, data-speaker, data-topic. */
export function draw(place, attributions, speakers, numbers) {
  place.replaceChildren(...attributions.map((own) => card(own, speakers.get(speakerId(own)), numbers.get(own.id))));
}

function card(own, speaker, number) {
  return make("li", { class: `card ${speaker.hue}`, id: `card-${own.id}`, value: number },
    make("div", { class: "who" },
      make("span", { class: "number", "aria-hidden": "true" }, String(number)),
      button({ class: "name", "data-speaker": speaker.id, title: "Show this speaker only", dir: "auto" }, speaker.name),
      make("span", { class: "quiet", dir: "auto" }, described(own))),
    button({ class: "words", "data-show": own.id, "data-type": own.quote.type, dir: "auto" }, spoken(own), unseen(" Show in the text")),
    chain(own),
    make("div", { class: "chips" },
      ...own.topics.flatMap((about, at) => chip(own, about, `tip-${own.id}-${at}`)),
      make("span", { class: "badge" }, own.quote.type),
      own.negated ? make("span", { class: "badge denied" }, "denied") : null,
      sure(own.confidence)));
}

/** What is known of the speaker beside the name. */
function described({ speaker }) {
  if (!speaker) return "";
  const behalf = speaker.on_behalf_of && `for ${speaker.on_behalf_of}`;
  return [speaker.role, speaker.affiliation, behalf, speaker.kind].filter(Boolean).join(" · ");
}

/** From the words of the article to the name, where they differ, and who else it may be. */
function chain({ source, speaker }) {
  if (!source || !speaker) return null;
  const others = speaker.alternatives.map(({ name, confidence }) => `${name} ${percent(confidence)}`);
  const other = others.length ? ` (or ${others.join(", ")})` : "";
  if (source.text.includes(speaker.name) && !other) return null;
  return make("p", { class: "chain quiet", dir: "auto" }, `“${source.text}” → ${speaker.name}${other}`);
}

/** A topic, and what carries it: shown while the pointer or the focus is on it. */
function chip(own, { topic, confidence, evidence }, id) {
  const words = [...new Set(evidence.map(({ text }) => `“${text}”`))].join(", ");
  return [
    button({ class: "chip", "data-topic": topic, "data-evidence": evidence.map(({ start, end }) => `${start}-${end}`).join(" "), "aria-describedby": id }, titled(topic)),
    make("span", { class: "tip", role: "tooltip", id, dir: "auto" }, `${percent(confidence)} ${titled(topic)}, because of ${words}`),
  ];
}

function sure(confidence) {
  const fill = make("span");
  fill.style.setProperty("inline-size", percent(confidence));
  return make("span", { class: `sure${confidence < 0.5 ? " unsure" : ""}` }, make("span", { class: "gauge", "aria-hidden": "true" }, fill), unseen("confidence "), percent(confidence));
}
