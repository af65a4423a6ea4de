// Who speaks, in order of appearance; each has a number and a colour for the whole page.

const HUES = 8;

/** Speakers by id: {id, name, number, hue}. Quotes without one share the entry of the empty id, number 0, grey. */
export function speakersOf(attributions) {
  const found = new Map();
  for (const { speaker } of attributions) {
    const id = speaker?.id ?? "";
    if (found.has(id)) continue;
    const number = speaker ? [...found.keys()].filter(Boolean).length + 1 : 0;
    found.set(id, { id, name: speaker?.name ?? "Nobody named", number, hue: number ? `c${((number - 1) % HUES) + 1}` : "c0" });
  }
  return found;
}

export const speakerId = ({ speaker }) => speaker?.id ?? "";

/** The topics of a quote; where there are none, the one entry that stands for that. */
export const topicsOf = ({ topics }) => (topics.length ? topics.map(({ topic }) => topic) : [NO_TOPIC]);

export const NO_TOPIC = "other";
