"""`python -m models.training.card`: writes the table of scores into the README and the model card, from the manifest.

Between the lines `<!-- scores -->` and `<!-- /scores -->`; a test holds that what stands there is what the manifest says.
"""

import re
from pathlib import Path
from typing import Any

from models import artifact
from models.training.evaluate import REFERENCE

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", artifact.DEFAULT / "README.md")
_MARKED = re.compile(r"(<!-- scores -->\n).*?(<!-- /scores -->)", re.S)


def short(value: float | None) -> str:
    """A share as it is written: .912, 1.000, or a dash."""
    return "–" if value is None else f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def table(scores: dict[str, Any]) -> str:
    """The scores of a manifest as Markdown tables."""
    polnear, served, articles, news = scores["polnear"], scores["polnear_served"], scores["articles"], scores.get("news")
    taught = REFERENCE["teacher"]
    content, by_teacher = (", ".join(short(own["content"][name]) for name in ("token", "exact", "overlap")) for own in (polnear, taught))
    ends, teachers = (f"{short(own['source']['exact'])}; {short(own['cue']['exact'])}" for own in (polnear, taught))
    lines = [
        "| PolNeAR dev (84 US news articles of 2016) | this model | a teacher of the tags | two people who annotate the same articles |", "| --- | --- | --- | --- |",
        f"| content: token, exact, overlap | {content} | {by_teacher} | .916, .712, – |",
        f"| source: exact; cue: exact | {ends} | {teachers} | .78; .71 |",
        f"| asked to follow the service's own convention: content, token; found and linked | {short(served['content']['token'])}; {short(served['found_linked'])} | – | – |",
        f"| links right on gold spans | {short(polnear['links'])} | – | – |",
        f"| attributions found and linked; of direct quotes | {short(polnear['found_linked'])}; {short(polnear['direct_found_linked'])} | – | .75; .97 |", "",
    ]
    sets = [own for own in (articles, news) if own]
    names = [f"{articles['texts']} labelled articles (hard cases)", *([f"{news['texts']} labelled news articles (2022 to 2024)"] if news else [])]
    lines += [f"| dev, never trained on | {' | '.join(names)} |", "| --- |" + " --- |" * len(sets)]
    rows = [
        ("quotes found: direct and mixed, indirect, all", lambda own: [own["found"][kind] for kind in ("marked", "indirect", "all")]),
        ("found and the right speaker named: direct and mixed, indirect", lambda own: [own["found_and_named"][kind] for kind in ("marked", "indirect")]),
        ("right name of those found: direct and mixed, indirect", lambda own: [own["name_marked"], own["name_indirect"]]),
        ("right name where the source is a pronoun; null where nobody is named", lambda own: [own["pronoun"], own["null"]]),
        ("type, kind, negated", lambda own: [own["type"], own["kind"], own["negated"]]),
        ("topics of quotes found: all; russia, ukraine, spending", lambda own: [own["topics"][name] for name in ("micro", "russia", "ukraine", "spending")]),
        ("topics over all gold quotes", lambda own: [own["topics"]["all_quotes"]]),
        ("topics that stand only by reference; traps wrongly given", lambda own: [own["topics"]["reference"], own["topics"]["trap_wrong"]]),
        ("the same by keywords alone: all; by reference; traps", lambda own: [own["topics"]["keywords"][name] for name in ("micro", "reference", "trap_wrong")]),
    ]
    lines += [f"| {name} | {' | '.join(', '.join(short(value) for value in read(own)) for own in sets)} |" for name, read in rows]
    if "cases" in scores:
        cases = scores["cases"]
        lines += ["", f"Patterns: {cases['patterns']['right']} of {cases['patterns']['of']} have all their cases right ({cases['texts']} short texts, three a pattern, "
                  f"each of one pattern and little else); {articles['patterns']['right']} of {articles['patterns']['of']} where every record of every long text that shows one must be right."]
    if "gum" in scores and "gap" in scores:
        lines += ["", f"Pronouns: {short(scores['gum']['pronouns'])} of those of persons and organizations in GUM dev reach an antecedent of their chain; "
                  f"F1 {short(scores['gap']['f1'])} on GAP dev."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table into both pages."""
    made = table(artifact.verify(artifact.DEFAULT).scores)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        page.write_text(_MARKED.sub(lambda match: f"{match[1]}{made}{match[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
