"""`python -m models FILE`: who said what about what, on a terminal; `--json` prints the record."""

import argparse
import json
import sys
from pathlib import Path

from models import Analysis, ModelsError, load
from models.answer import answer


def show(analysis: Analysis) -> str:
    """An analysis in words, a quote a paragraph."""
    made = []
    for own in analysis.attributions:
        who = own.speaker.name if own.speaker else "(nobody named)"
        role = f", {own.speaker.role}" if own.speaker and own.speaker.role else ""
        about = ", ".join(f"{topic.topic} {topic.confidence:.2f}" for topic in own.topics) or "none of the topics"
        words = " […] ".join(span.of(analysis.text) for span in own.quote.spans)
        denied = " (denied)" if own.negated else ""
        made.append(f"{who}{role}{denied} — {about} — {own.quote.type}, {own.confidence:.2f}\n    {words}")
    return "\n".join([*made, *(f"! {warning}" for warning in analysis.warnings)])


def main() -> int:
    """Exit status 0 when every file was read, 1 when one was not."""
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    parser.add_argument("files", nargs="*", default=["-"], help="text files in UTF-8; - is standard input")
    parser.add_argument("--json", action="store_true", help="print the record, one JSON object a file")
    given = parser.parse_args()
    try:
        attributor = load()
    except ModelsError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    status = 0
    for name in given.files or ["-"]:
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            analysis = attributor([raw.decode("utf-8")])[0]
        except (OSError, UnicodeDecodeError, ModelsError) as error:
            print(f"models: {name}: {error}", file=sys.stderr)
            status = 1
            continue
        print(json.dumps(answer(analysis, attributor.card), ensure_ascii=False, indent=2) if given.json else show(analysis))
    return status


if __name__ == "__main__":
    sys.exit(main())
