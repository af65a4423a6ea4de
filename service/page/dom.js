// Elements are made here and nowhere from markup: whatever an article holds is inserted as text.

export const byId = (id) => document.getElementById(id);

/** An element with attributes (those that are null or false are left out) and children, which may be words. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that is not for sending a form. */
export const button = (attributes, ...children) => make("button", { type: "button", ...attributes }, ...children);

/** Words for those who listen. */
export const unseen = (words) => make("span", { class: "unseen" }, words);

/** "1 quote", "2 quotes". */
export const counted = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;

export const percent = (probability) => `${Math.round(probability * 100)}%`;

/** A topic as it is shown. */
export const titled = (topic) => topic[0].toUpperCase() + topic.slice(1);
