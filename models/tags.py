"""Scores -> labelled spans of pieces: the best legal path, many paragraphs at a time."""

import functools

import numpy as np
import numpy.typing as npt

from models.labels import NAME_LABELS, NAMES, ROLES, TAG_LABELS


@functools.cache
def legal(labels: tuple[str, ...] = TAG_LABELS) -> npt.NDArray[np.bool_]:
    """Which label may follow which (row: before, column: after) in BIOES; [labels, labels]."""
    allowed = np.zeros((len(labels), len(labels)), bool)
    for row, before in enumerate(labels):
        for column, after in enumerate(labels):
            inside = before[0] in "BI"
            allowed[row, column] = (after[0] in "IE" and after[2:] == before[2:]) if inside else after[0] in "OBS"
    return allowed


def best_path(
    scores: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32], breaks: npt.NDArray[np.int64],
    labels: tuple[str, ...] = TAG_LABELS,
) -> npt.NDArray[np.int64]:
    """The best legal labels (Viterbi), one a piece; shape [pieces].

    `scores` [pieces, labels]; `breaks` are the pieces at which a new paragraph begins (the first is 0): paths are found
    in each by itself, all at once, which costs as many steps as the longest paragraph has pieces. Spans may go on over a
    break, so a path may begin and end anywhere in a span.
    """
    if not len(scores):
        return np.zeros(0, np.int64)
    into = np.ascontiguousarray(np.where(legal(labels), transitions, np.float32(-1e4)).T, np.float32)  # row: after, column: before
    lengths = np.diff(np.append(breaks, len(scores)))
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = breaks[order], lengths[order]
    alive = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left").tolist()  # paragraphs with more pieces than a step's number
    size = scores.shape[1]
    back = np.zeros((len(alive), len(starts), size), np.int64)
    total = scores[starts].copy()
    rows = size * np.arange(len(starts) * size).reshape(len(starts), size)
    candidates = np.empty((len(starts), size, size), np.float32)
    for step, own in enumerate(alive[1:], 1):
        np.add(total[:own, None, :], into, out=candidates[:own])
        best = candidates[:own].argmax(2, out=back[step, :own])
        total[:own] = candidates[:own].reshape(-1).take(rows[:own] + best)
        total[:own] += scores[starts[:own] + step]
    path = np.zeros(len(scores), np.int64)
    label, every = total.argmax(1), np.arange(len(starts))
    for step in range(len(alive) - 1, -1, -1):
        own = alive[step]
        path[starts[:own] + step] = label[:own]
        if step:
            label[:own] = back[step, every[:own], label[:own]]
    return path


def spans(path: npt.NDArray[np.int64], labels: tuple[str, ...] = TAG_LABELS, roles: tuple[str, ...] = ROLES) -> dict[
    str, npt.NDArray[np.int64]
]:
    """Labels -> spans of pieces by role, each [spans, 2], half-open, in reading order.

    A span cut by a break goes on after it; the last one is closed at the end of the text.
    """
    found: dict[str, list[tuple[int, int]]] = {role: [] for role in roles}
    start, role = -1, ""
    for index, number in enumerate([*path.tolist(), 0]):
        label = labels[number]
        if start >= 0 and (label[0] not in "IE" or label[2:] != role):
            found[role].append((start, index))
            start = -1
        if label[0] != "O":
            if start < 0:
                start, role = index, label[2:]
            if label[0] in "ES":
                found[role].append((start, index + 1))
                start = -1
    return {role: np.array(own, np.int64).reshape(-1, 2) for role, own in found.items()}


def write(length: int, by_role: dict[str, list[tuple[int, int]]], labels: tuple[str, ...] = TAG_LABELS) -> npt.NDArray[
    np.int64
]:
    """The inverse of `spans`: labels of a text of `length` pieces; an earlier span of the mapping wins where two overlap."""
    number = {label: index for index, label in enumerate(labels)}
    path = np.zeros(length, np.int64)
    for role, own in by_role.items():
        for start, end in own:
            if end <= start or path[start:end].any():
                continue
            path[start:end] = number[f"I-{role}"]
            path[start], path[end - 1] = number[f"B-{role}"], number[f"E-{role}"]
            if end - start == 1:
                path[start] = number[f"S-{role}"]
    return path


def name_path(scores: npt.NDArray[np.float32], breaks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The best legal name labels, one a piece; trained without transitions, so only legality joins them, and a paragraph
    whose best labels are legal needs no search."""
    path: npt.NDArray[np.int64] = scores.argmax(1)
    wrong = np.flatnonzero(~legal(NAME_LABELS)[path[:-1], path[1:]])
    ends = np.append(breaks[1:], len(scores))
    at = np.unique(np.searchsorted(breaks, wrong, side="right") - 1)
    at = at[np.searchsorted(wrong, ends[at] - 1) > np.searchsorted(wrong, breaks[at])]  # a break itself may be illegal
    if len(at):
        inside = np.concatenate([np.arange(breaks[i], ends[i]) for i in at])
        starts = np.concatenate([[0], np.cumsum((ends - breaks)[at])[:-1]])
        none = np.zeros((len(NAME_LABELS), len(NAME_LABELS)), np.float32)
        path[inside] = best_path(scores[inside], none, starts, NAME_LABELS)
    return path


def name_spans(scores: npt.NDArray[np.float32], breaks: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
    """Name scores -> spans of pieces by class of name."""
    return spans(name_path(scores, breaks), NAME_LABELS, NAMES)
