// Offsets of the API count code points; JavaScript counts UTF-16 units. Here they meet.

/**
 * Where each code point of a text begins, in UTF-16 units; one more entry for the end.
 * "a🙂b" -> [0, 1, 3, 4]
 */
export function starts(text) {
  const found = new Uint32Array(text.length + 1);
  let points = 0;
  for (let unit = 0; unit < text.length; points++) {
    found[points] = unit;
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  found[points] = text.length;
  return found.subarray(0, points + 1);
}

/** How many code points a text has. */
export const points = (text) => starts(text).length - 1;

/**
 * A text cut wherever a mark begins or ends. Marks are {start, end, ...}, half-open, in code points, and may overlap;
 * each part is {start, end, text, marks} and the parts joined are the text.
 */
export function parts(text, marks) {
  const unit = starts(text);
  const last = unit.length - 1;
  const cuts = [...new Set([0, last, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  const waiting = [...marks].sort((a, b) => a.start - b.start);
  let open = [];
  return cuts.slice(0, -1).map((start, at) => {
    const end = cuts[at + 1];
    while (waiting.length && waiting[0].start <= start) open.push(waiting.shift());
    open = open.filter((mark) => mark.end > start);
    return { start, end, text: text.slice(unit[start], unit[end]), marks: [...open] };
  });
}
