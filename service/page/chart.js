// Who said most about what: a table whose cells are dots, as large as their counts. Heads and cells filter.
import { button, counted, make, titled } from "./dom.js";
import { NO_TOPIC, speakerId, topicsOf } from "./speakers.js";

const LARGEST = 26; // pixels across, of the largest dot

/** Draw it for the quotes that are sure enough; `chosen` is {speaker, topic}, each null for all. */
export function draw(place, attributions, speakers, topics, chosen) {
  const counts = new Map();
  const add = (key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const own of attributions) {
    add(speakerId(own));
    for (const topic of topicsOf(own)) add(`${speakerId(own)}\n${topic}`);
  }
  const rows = [...speakers.values()].filter(({ id }) => counts.has(id)).sort((a, b) => counts.get(b.id) - counts.get(a.id) || a.number - b.number);
  const most = Math.max(1, ...topics.flatMap((topic) => rows.map(({ id }) => counts.get(`${id}\n${topic}`) ?? 0)));
  const head = make("tr", {}, make("th", { scope: "col" }, "Speaker"), ...topics.map((topic) =>
    make("th", { scope: "col" }, button({ "data-topic": topic, "aria-pressed": String(chosen.topic === topic) }, titled(topic)))));
  const body = rows.map((speaker) => make("tr", { class: speaker.hue },
    make("th", { scope: "row" }, button({ class: "name", "data-speaker": speaker.id, "aria-pressed": String(chosen.speaker === speaker.id), dir: "auto" }, speaker.name)),
    ...topics.map((topic) => make("td", {}, dot(speaker, topic, counts.get(`${speaker.id}\n${topic}`) ?? 0, most, chosen)))));
  place.replaceChildren(make("table", { class: "dots" }, make("thead", {}, head), make("tbody", {}, ...body)));
}

function dot(speaker, topic, count, most, chosen) {
  if (!count) return make("span", { class: "none" }, "–");
  const about = topic === NO_TOPIC ? "on other matters" : `on ${titled(topic)}`;
  const made = button({
    class: "dot",
    "data-speaker": speaker.id,
    "data-topic": topic,
    "aria-pressed": String(chosen.speaker === speaker.id && chosen.topic === topic),
    "aria-label": `${speaker.name} ${about}: ${counted(count, "quote")}`,
  }, make("span", { "aria-hidden": "true" }, String(count)));
  made.firstChild.style.setProperty("--across", `${Math.round(16 + (LARGEST - 16) * Math.sqrt((count - 1) / Math.max(1, most - 1)))}px`);
  return made;
}
