// The review page: ask, show, filter, take away. State is what was asked, what came, and what is chosen.
import { attribute, Failure } from "./api.js";
import * as article from "./article.js";
import * as chart from "./chart.js";
import { button, byId, counted, make } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import * as exports from "./exports.js";
import * as list from "./list.js";
import { points } from "./offsets.js";
import { NO_TOPIC, speakerId, speakersOf, topicsOf } from "./speakers.js";

const MOST = 100_000; // code points, the API's limit: shown while typing; the API is the one to refuse

const place = { text: byId("text"), article: byId("article"), list: byId("list"), chart: byId("chart"), least: byId("least") };
const chosen = { speaker: null, topic: null, least: 0 };
let asked = ""; // the text that the answer is about, exactly
let answer = null;
let speakers = new Map();
let numbers = new Map();
let file = null; // {shown, exact}: a text area turns CRLF into LF; a file that nobody edited is sent as it is
let stop = null;

// Ask

function written() {
  const { value } = place.text;
  return file?.shown === value ? file.exact : value;
}

function count() {
  const number = points(place.text.value);
  byId("count").textContent = `${number.toLocaleString("en")} of ${MOST.toLocaleString("en")} characters`;
  byId("count").classList.toggle("wrong", number > MOST);
  invalid(false);
}

function invalid(wrong) {
  byId("empty").hidden = !wrong;
  place.text.toggleAttribute("aria-invalid", wrong);
}

async function open(source) {
  if (!source) return;
  const exact = await source.text();
  fill(exact);
  file = { shown: place.text.value, exact };
}

function fill(text) {
  place.text.value = text;
  file = null;
  count();
}

async function ask(event) {
  event?.preventDefault();
  stop?.abort();
  const text = written();
  if (!text.trim()) {
    invalid(true);
    place.text.focus();
    return;
  }
  const own = (stop = new AbortController());
  byId("problem").hidden = true;
  const done = waiting(text);
  try {
    const came = await attribute(text, { key: byId("key").value.trim(), signal: own.signal });
    asked = text;
    receive(came);
  } catch (error) {
    if (error.name === "AbortError") say("Stopped.");
    else if (error instanceof Failure) explain(error);
    else throw error;
  } finally {
    done();
  }
}

/** Say that something happens, and for how long; gives back what ends it. */
function waiting(text) {
  const since = performance.now();
  const words = text.trim().split(/\s+/).length;
  byId("reading").textContent = `Reading ${counted(words, "word")}`;
  const tick = () => (byId("elapsed").textContent = `${Math.round((performance.now() - since) / 1000)} s`);
  tick();
  byId("progress").hidden = false;
  byId("ask").setAttribute("aria-busy", "true");
  const clock = setInterval(tick, 1000);
  return () => {
    clearInterval(clock);
    byId("progress").hidden = true;
    byId("ask").removeAttribute("aria-busy");
  };
}

/** A failure in words, with a way on. */
function explain(failure) {
  const again = button({}, "Try again");
  again.addEventListener("click", ask);
  const wait = failure.seconds ? ` Come back in ${counted(failure.seconds, "second")}.` : "";
  byId("problem").replaceChildren(
    make("strong", {}, failure.title),
    make("p", {}, failure.detail + wait),
    ...(failure.lines.length ? [make("ul", {}, ...failure.lines.map((line) => make("li", {}, line)))] : []),
    make("p", { class: "last" }, again, failure.reference ? make("span", { class: "quiet" }, `Reference ${failure.reference}`) : null),
  );
  byId("problem").hidden = false;
  if (failure.status === 401) {
    byId("key-row").hidden = false;
    byId("key").focus();
  }
}

// Show

function receive(came) {
  answer = came;
  speakers = speakersOf(came.attributions);
  numbers = new Map(came.attributions.map(({ id }, at) => [id, at + 1]));
  Object.assign(chosen, { speaker: null, topic: null, least: 0 });
  place.least.value = "0";
  byId("warnings").replaceChildren(...came.warnings.map((warning) => make("li", {}, warning)));
  byId("warnings").hidden = !came.warnings.length;
  byId("model").textContent = `Read by ${came.model.name} ${came.model.version}.`;
  turn(true);
  show();
  byId("summary").focus();
}

/** From asking to reviewing, or back. */
function turn(reviewing) {
  byId("review").hidden = !reviewing;
  byId("ask").hidden = reviewing;
  scrollTo(0, 0);
}

/** Every topic that a quote has, and at the end what has none. */
function topics() {
  const found = new Set(answer.attributions.flatMap(topicsOf));
  const other = found.delete(NO_TOPIC);
  return [...found].sort().concat(other ? [NO_TOPIC] : []);
}

const sureEnough = () => answer.attributions.filter(({ confidence }) => confidence * 100 >= chosen.least);

const shown = () =>
  sureEnough().filter(
    (own) => (chosen.speaker === null || speakerId(own) === chosen.speaker) && (chosen.topic === null || topicsOf(own).includes(chosen.topic)),
  );

function show() {
  const quotes = shown();
  article.draw(place.article, asked, quotes, speakers, numbers);
  list.draw(place.list, quotes, speakers, numbers);
  redrawChart();
  const all = answer.attributions.length;
  const voices = new Set(quotes.filter(({ speaker }) => speaker).map(speakerId)).size;
  byId("summary").textContent = all ? `${counted(quotes.length, "quote")} by ${counted(voices, "speaker")}` : "No quotes found in this text";
  const filtered = chosen.speaker !== null || chosen.topic !== null || chosen.least > 0;
  byId("listed").textContent = filtered ? `Quotes: ${quotes.length} of ${all} shown` : "Quotes";
  byId("all").hidden = !filtered;
  byId("least-shown").textContent = `${chosen.least}%`;
  place.least.setAttribute("aria-valuetext", `${chosen.least} percent`);
  byId("review").classList.toggle("nothing", !all);
  say(filtered ? `${quotes.length} of ${counted(all, "quote")} shown` : byId("summary").textContent);
}

/** The table is drawn anew, so the focus goes back to the same head or cell. */
function redrawChart() {
  const held = place.chart.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
  chart.draw(place.chart, sureEnough(), speakers, topics(), chosen);
  if (!held) return;
  const same = [...place.chart.querySelectorAll("button")].find(({ dataset }) => dataset.speaker === held.speaker && dataset.topic === held.topic);
  same?.focus();
}

function say(words) {
  byId("status").textContent = words;
}

// Choose

/** A speaker, a topic or both; what is chosen already is let go. */
function choose({ speaker = null, topic = null }) {
  const both = speaker !== null && topic !== null;
  if (both) {
    const same = chosen.speaker === speaker && chosen.topic === topic;
    Object.assign(chosen, same ? { speaker: null, topic: null } : { speaker, topic });
  } else if (speaker !== null) chosen.speaker = chosen.speaker === speaker ? null : speaker;
  else chosen.topic = chosen.topic === topic ? null : topic;
  show();
}

const smooth = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

function spansOf(id) {
  return answer.attributions.find((own) => own.id === id).quote.spans;
}

/** Bring a quote's words into view and give them the focus, so that Tab goes on from there. */
function toText(id) {
  mark(id);
  article.partOf(place.article, id).scrollIntoView({ block: "center", behavior: smooth() });
  place.article.querySelector(`.reference[data-quote="${CSS.escape(id)}"]`).focus({ preventScroll: true });
}

/** Bring a quote's card into view. */
function toCard(id) {
  mark(id);
  const card = byId(`card-${id}`);
  card.scrollIntoView({ block: "nearest", behavior: smooth() });
  card.querySelector(".words").focus({ preventScroll: true });
}

function mark(id) {
  article.light(place.article, spansOf(id), "current");
  for (const card of place.list.children) card.toggleAttribute("data-current", card.id === `card-${id}`);
}

function evidence(event) {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  chip.classList.remove("dismissed");
  const on = event.type === "mouseover" || event.type === "focusin";
  const spans = on ? chip.dataset.evidence.split(" ").map((span) => span.split("-").map(Number)) : [];
  article.light(place.article, spans.map(([start, end]) => ({ start, end })), "evidence");
}

function dismiss(event) {
  if (event.key !== "Escape") return;
  for (const chip of document.querySelectorAll(".chip:hover, .chip:focus")) chip.classList.add("dismissed");
  if (answer) article.light(place.article, [], "evidence");
}

// Take away

const FORMS = { json: ["JSON", exports.json], csv: ["CSV", exports.csv], citations: ["citations", exports.citations] };
const taken = () => ({ ...answer, attributions: shown() });

async function copy({ target }) {
  const [name, form] = FORMS[target.dataset.copy];
  try {
    await exports.copy(form(taken()));
    say(`${counted(shown().length, "quote")} copied as ${name}`);
    target.classList.add("done");
    setTimeout(() => target.classList.remove("done"), 1600);
  } catch (error) {
    explain(new Failure({ title: "Nothing was copied", detail: `The browser gave no access to the clipboard: ${error.message}.` }));
  }
}

// Wire

byId("ask").addEventListener("submit", ask);
place.text.addEventListener("input", count);
place.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask(event);
});
byId("file").addEventListener("change", ({ target }) => {
  open(target.files[0]);
  target.value = "";
});
place.text.addEventListener("dragover", (event) => event.preventDefault());
place.text.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  open(event.dataTransfer.files[0]);
});
byId("cancel").addEventListener("click", () => stop?.abort());
byId("edit").addEventListener("click", () => {
  turn(false);
  place.text.focus();
});
place.least.addEventListener("input", () => {
  chosen.least = Number(place.least.value);
  show();
});
byId("all").addEventListener("click", () => {
  Object.assign(chosen, { speaker: null, topic: null, least: 0 });
  place.least.value = "0";
  show();
  place.least.focus();
});
byId("review").addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  const inText = target.closest("#article [data-quotes]");
  if (pressed?.dataset.show) toText(pressed.dataset.show);
  else if (pressed?.dataset.quote) toCard(pressed.dataset.quote);
  else if (pressed?.matches("[data-speaker], [data-topic]")) choose(pressed.dataset);
  else if (inText && getSelection().isCollapsed) toCard(inText.dataset.quotes.split(" ")[0]);
});
for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) place.list.addEventListener(kind, evidence);
document.addEventListener("keydown", dismiss);
for (const one of document.querySelectorAll("[data-copy]")) one.addEventListener("click", copy);
byId("download").addEventListener("click", () => exports.save(exports.csv(taken()), "quotes.csv"));
byId("examples").replaceChildren(...EXAMPLES.map(({ name, text }) => {
  const one = button({}, name);
  one.addEventListener("click", () => {
    fill(text);
    place.text.focus();
  });
  return one;
}));
count();
