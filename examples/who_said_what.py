"""Who said what about a topic in a month: from the folder that `python -m models.archive` wrote to a table and a plot.

The articles' names begin with their date, so that their ids do: 2026-11-02_air-defence.txt.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

import matplotlib
import pandas as pd

from models import csv_text

COLUMNS = ["date", "speaker", "kind", "quote", "negated", "confidence", "article"]
SAID, DENIED = "#2f6f9f", "#c9632f"


def statements(archive: Path, topic: str) -> pd.DataFrame:
    """A row for each quote about the topic, the whole archive, in order of date."""
    articles = pd.read_parquet(archive, columns=["id", "attributions"])
    rows = [
        {
            "date": article[:10],
            "speaker": own["speaker"]["name"] if own["speaker"] else "(not named)",
            "kind": own["speaker"]["kind"] if own["speaker"] else "",
            "quote": " […] ".join(span["text"] for span in own["quote"]["spans"]),
            "negated": own["negated"],
            "confidence": round(own["confidence"], 2),
            "article": article,
        }
        for article, attributions in zip(articles["id"], articles["attributions"], strict=True)
        for own in attributions
        if any(about["topic"] == topic for about in own["topics"])
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("date", kind="stable", ignore_index=True)


def plot(table: pd.DataFrame, title: str, path: Path) -> None:
    """Statements of each speaker, those who said most on top; what a speaker denied in its own colour."""
    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"  # words stay words: they can be searched and read aloud
    matplotlib.rcParams["svg.hashsalt"] = "quotes"  # the same table gives the same file
    import matplotlib.pyplot as plt

    names = table["speaker"].map(lambda name: shorten(name, 40, placeholder=" …"))
    counts = table.groupby([names, "negated"]).size().unstack(fill_value=0).reindex(columns=[False, True], fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(kind="stable").index]
    figure, axes = plt.subplots(figsize=(8, 1.4 + 0.4 * len(counts)), layout="constrained")
    axes.barh(counts.index, counts[False], color=SAID, label="said")
    if counts[True].any():
        axes.barh(counts.index, counts[True], left=counts[False], color=DENIED, label="denied or disputed")
        axes.legend(frameon=False, loc="lower right")
    axes.set(title=title, xlabel="statements")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None, "Title": title})
    plt.close(figure)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write TOPIC-MONTH.csv and TOPIC-MONTH.svg, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, help="folder or file of Parquet, as models.archive writes it")
    parser.add_argument("--topic", default="ukraine")
    parser.add_argument("--month", help="as 2026-11 (default: the newest of the archive)")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the table and the plot")
    given = parser.parse_args(arguments)
    table = statements(given.archive, given.topic)
    if table.empty:
        raise SystemExit(f"nobody said anything about {given.topic} in {given.archive}")
    month = given.month or table["date"].max()[:7]
    table = table[table["date"].str.startswith(month)]
    if table.empty:
        raise SystemExit(f"nobody said anything about {given.topic} in {month}")
    given.out.mkdir(parents=True, exist_ok=True)
    # Safe to open in a spreadsheet, whatever people said: csv_text defuses what would be a formula.
    (given.out / f"{given.topic}-{month}.csv").write_text(csv_text(table.astype(str).to_dict("records"), COLUMNS), encoding="utf-8", newline="")
    plot(table, f"Who said what about {given.topic.title()}, {month}", given.out / f"{given.topic}-{month}.svg")
    with pd.option_context("display.max_colwidth", 70, "display.width", 140):
        print(table[["date", "speaker", "quote"]].to_string(index=False))


if __name__ == "__main__":
    main()
