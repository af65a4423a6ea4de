"""The loss of a batch: tags (CRF), names, pairs and classes over the states of its windows."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.encoder import CLS, SEP
from models.labels import CONVENTIONS, NAME_LABELS
from models.network import QuoteModel
from models.topics.places import others
from models.training.crf import expected_log_likelihood, log_likelihood
from models.training.datasets import IGNORE, ClassTarget, Example, PairTarget, TopicTarget

HIDDEN = 0.25  # how often the relevance head is not told a topic's words, so that it learns the context and not the list
LOOKING = 0.1  # the weight of where it looks, beside what it says
UNNAMED = [index for index, label in enumerate(NAME_LABELS) if label.endswith("unnamed")]


def collate(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Windows as [batch, 4, pieces + 2] with [CLS] and [SEP] in place, and the mask [batch, pieces + 2]."""
    longest = max(example.window.length for example in examples)
    features = np.zeros((len(examples), 4, longest + 2), np.int64)
    mask = np.zeros((len(examples), longest + 2), bool)
    for row, example in enumerate(examples):
        length = example.window.length
        features[row, :, 1 : 1 + length] = example.window.features
        features[row, 0, 0], features[row, 0, 1 + length] = CLS, SEP
        mask[row, : 2 + length] = True
    return torch.from_numpy(features), torch.from_numpy(mask)


def span_vectors(states: Tensor, spans: np.ndarray) -> Tensor:
    """First, last and mean state of each span; `states` [pieces, hidden], `spans` [spans, 2]; [spans, 3 * hidden]."""
    sums = functional.pad(states.cumsum(0), (0, 0, 1, 0))
    first, last = (torch.from_numpy(spans[:, column]).to(states.device) for column in (0, 1))
    mean = (sums[last] - sums[first]) / (last - first)[:, None]
    return torch.cat([states[first], states[last - 1], mean], 1)


def pair_loss(model: QuoteModel, name: str, states: Tensor, target: PairTarget) -> Tensor:
    """Minus the log probability that any right key is chosen, summed over the queries."""
    # In fp32: nothing holds the common height of the scores, and where it grows, bf16 rounds their differences away.
    with torch.autocast(states.device.type, enabled=False):
        queries, keys = span_vectors(states, target.queries), span_vectors(states, target.keys)
        scores = model.pairs[name](queries, keys, torch.from_numpy(target.features).to(states.device))
    scores = scores.masked_fill(~torch.from_numpy(target.allowed).to(states.device), -1e4)
    right = torch.from_numpy(target.right).to(states.device)
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e4), 1)).sum()


def name_loss(scores: Tensor, labels: Tensor, unnamed_known: Tensor) -> Tensor:
    """Cross entropy a piece; where a corpus marks names only, O also allows "unnamed". Summed; `scores` [pieces, labels]."""
    log = functional.log_softmax(scores, 1)
    chosen = log.gather(1, labels.clamp(min=0)[:, None]).squeeze(1)
    either = torch.logsumexp(torch.cat([log[:, :1], log[:, UNNAMED]], 1), 1)
    chosen = torch.where((labels == 0) & ~unnamed_known, either, chosen)
    return -chosen[labels != IGNORE].sum()


def losses(model: QuoteModel, examples: Sequence[Example]) -> dict[str, Tensor]:
    """Losses by head, each a mean over what it counts (windows' pieces / 100, pieces, queries, records)."""
    features, mask = (tensor.to(model.device) for tensor in collate(examples))
    whole = bool(mask.all())
    conventions = torch.tensor([CONVENTIONS.index(example.convention) for example in examples], device=model.device)
    tag_scores, name_scores, states = model(features, None if whole else mask, conventions)
    tag_scores, name_scores, states = tag_scores.float(), name_scores.float(), states.float()
    found: dict[str, Tensor] = {}
    tagged = [row for row, example in enumerate(examples) if example.tags is not None]
    if tagged:
        longest = max(examples[row].window.length for row in tagged)
        labels = torch.zeros((len(tagged), longest), dtype=torch.long, device=model.device)
        for index, row in enumerate(tagged):
            labels[index, : examples[row].window.length] = torch.from_numpy(examples[row].tags).to(model.device)
        inner = mask[tagged][:, 2:][:, :longest]  # [CLS] and [SEP] shift by one at either end
        likelihood = log_likelihood(tag_scores[tagged, 1 : 1 + longest], model.transitions, labels, inner)
        found["tags"] = -likelihood.sum() / inner.sum()
    taught = [row for row, example in enumerate(examples) if example.posterior is not None]
    if taught:
        found["taught"] = taught_loss(model, tag_scores[taught, 1:-1], mask[taught, 2:], [examples[row] for row in taught])
    named = [row for row, example in enumerate(examples) if example.names is not None]
    if named:
        scores = torch.cat([name_scores[row, 1 : 1 + examples[row].window.length] for row in named])
        labels = torch.from_numpy(np.concatenate([examples[row].names for row in named])).to(model.device)
        known = torch.cat([torch.full((examples[row].window.length,), examples[row].unnamed_known, device=model.device) for row in named])
        found["names"] = name_loss(scores, labels, known) / len(labels)
    for name in model.pairs:
        total, count = torch.zeros((), device=model.device), 0.0
        for row, example in enumerate(examples):
            target = example.pairs.get(name)
            if target is not None:
                total = total + target.weight * pair_loss(model, name, states[row, 1:], target)
                count += len(target.queries)
        if count:
            found[name] = total / count
    for name in model.classifiers:
        total, count = torch.zeros((), device=model.device), 0
        for row, example in enumerate(examples):
            target = example.classes.get(name)
            if target is not None:
                total = total + class_loss(model, name, states[row, 1:], target)
                count += len(target.labels)
        if count:
            found[name] = total / count
    total, count = torch.zeros((), device=model.device), 0
    for row, example in enumerate(examples):
        if example.topics is not None:
            total = total + topic_loss(model, states[row, 1 : 1 + example.window.length], example.topics)
            count += len(example.topics.labels)
    if count:
        found["topics"] = total / count
    return found


def taught_loss(model: QuoteModel, scores: Tensor, mask: Tensor, examples: Sequence[Example]) -> Tensor:
    """How far the tags are from a teacher's, a mean over the pieces; `scores` [windows, pieces, labels], `mask` [windows, pieces]."""
    labels = np.zeros(tuple(scores.shape), np.float32)
    steps = np.zeros((len(examples), labels.shape[2], labels.shape[2]), np.float32)
    for row, example in enumerate(examples):
        if example.posterior is not None:
            labels[row, : example.window.length], steps[row] = example.posterior
    given = (torch.from_numpy(made).to(scores.device) for made in (labels, steps))
    return -expected_log_likelihood(scores, model.transitions, *given, mask).sum() / mask.sum()


def topic_loss(model: QuoteModel, states: Tensor, target: TopicTarget) -> Tensor:
    """Cross entropy of the topics, and minus the log of the attention that lies on the evidence (on "nowhere" where a topic is
    not given); summed over the records, a mean over the topics. `states` [pieces, hidden]."""
    own = target.own * (np.random.default_rng(int(torch.randint(2**31, ()))).random((len(target.own), 1)) > HIDDEN)
    with torch.autocast(states.device.type, enabled=False):
        there = target.sources[:, 0] >= 0
        sources = span_vectors(states, np.where(there[:, None], target.sources, [0, 1])) * torch.from_numpy(there).to(states.device)[:, None]
        given = (torch.from_numpy(made).to(states.device) for made in (target.places, own, others(own)))
        logits, log = model.relevance(states, span_vectors(states, target.contents), sources, *given, drop=model.dropout)
    labels = torch.from_numpy(target.labels).to(states.device)
    said = functional.binary_cross_entropy_with_logits(logits, labels, reduction="sum")
    shown = torch.from_numpy(target.evidence).to(states.device)
    looked = torch.logsumexp(log[:, :, 1:].masked_fill(~shown, -1e4), 2)
    wanted = torch.where(labels > 0, looked, log[:, :, 0])
    known = (labels == 0) | shown.any(2)
    return (said - LOOKING * wanted[known].sum()) / labels.shape[1]


def class_loss(model: QuoteModel, name: str, states: Tensor, target: ClassTarget) -> Tensor:
    """Cross entropy of a span classifier, summed over its records; missing spans are zeros."""
    with torch.autocast(states.device.type, enabled=False):
        joined = []
        for column in range(target.spans.shape[1]):
            spans = target.spans[:, column]
            there = spans[:, 0] >= 0
            vectors = span_vectors(states, np.where(there[:, None], spans, [0, 1]))
            joined.append(vectors * torch.from_numpy(there).to(states.device)[:, None])
        scores = model.classifiers[name](model.dropout(torch.cat(joined, 1)))
    labels = torch.from_numpy(target.labels).to(states.device)
    if name == "kind":
        return functional.cross_entropy(scores, labels[:, 0].long(), reduction="sum")
    return functional.binary_cross_entropy_with_logits(scores, labels, reduction="sum") / labels.shape[1]
