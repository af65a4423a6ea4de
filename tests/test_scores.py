"""Right answers are counted by hand here, and must be counted so there."""

import pytest

from models.training.scores import Count, RoleCounts, Tokens, iou, matched

TEXT = "Hale said taxes rise, Lund added that pay falls."


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_f1_of_nothing_is_zero_and_of_all_is_one() -> None:
    assert Count().f1 == 0
    count = Count()
    count.add(2, 2, 2, 2)
    assert count.f1 == 1


def test_runs_join_neighbouring_tokens_and_part_at_gaps() -> None:
    tokens = Tokens(TEXT)
    assert tokens.runs([span("taxes"), span("rise")]) == {(2, 3)}
    assert tokens.runs([span("Hale"), span("taxes")]) == {(0, 0), (2, 2)}


def test_contents_match_one_to_one_the_best_first() -> None:
    assert iou([span("taxes rise")], [span("taxes rise")]) == 1
    gold = [[span("taxes rise")], [span("pay falls")]]
    assert matched(gold, [[span("that pay falls")], [span("pay falls")]]) == [(1, 1)]


def test_roles_are_counted_apart() -> None:
    counts = RoleCounts()
    gold = [
        {"content": [span("taxes rise")], "source": [span("Hale")], "cue": [span("said")]},
        {"content": [span("that pay falls")], "source": [span("Lund")], "cue": []},
    ]
    counts.add(Tokens(TEXT), gold, {"content": [span("taxes rise"), span("pay falls")], "source": [span("Hale")], "cue": []})
    made = counts.scores()
    assert made["content"]["exact"] == 0.5  # one of two, of two
    assert made["content"]["overlap"] == 1
    assert made["content"]["token"] == pytest.approx(2 * 1 * 0.8 / 1.8, abs=1e-4)  # four tokens of five, none wrong
    assert made["source"]["exact"] == pytest.approx(2 / 3, abs=1e-4)
    assert made["cue"] == {"token": 0, "exact": 0, "overlap": 0}
