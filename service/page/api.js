// One question to the service, its answer, and every way in which it can fail, in words.

/** Why there is no answer: a title, a sentence, and where the service told more, a line for each wrong field. */
export class Failure extends Error {
  constructor({ status = 0, title, detail, lines = [], reference = "", seconds = 0 }) {
    super(title);
    Object.assign(this, { status, title, detail, lines, reference, seconds });
  }
}

/**
 * The answer for a text, with every quote in it, also about none of the topics; what is shown of it is chosen on the
 * page. Throws Failure, and AbortError where `signal` says stop.
 */
export async function attribute(text, { key = "", signal } = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch("attribute", { method: "POST", headers, signal, body: JSON.stringify({ text, off_topic: true }) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure({ title: "The service cannot be reached", detail: "Check the connection, then try again. The text is still here." });
  }
  const body = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  });
  if (response.ok && body) return body;
  throw told(response, body);
}

/** An RFC 9457 problem in words; another answer (a proxy's page) by its number. */
function told(response, problem) {
  const { status } = response;
  if (!problem?.title) {
    return new Failure({ status, title: "There is no answer", detail: `Something between this page and the service said ${status}. Try again in a moment.` });
  }
  return new Failure({
    status,
    title: problem.title,
    detail: problem.detail,
    lines: (problem.errors ?? []).map(({ pointer, detail }) => `${pointer.slice(1) || "body"}: ${detail}`),
    reference: problem.request_id,
    seconds: Number(response.headers.get("Retry-After")) || 0,
  });
}
