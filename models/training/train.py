"""`make train`: trains the encoder and all heads on the corpora, seeded, and resumes from its last checkpoint.

Stages: the corpora alone; corpora and labelled texts together, so that the heads which only those teach (served, negated, kind,
speaker, topics) meet an encoder that already finds spans; both again on the average of the first two (as in model soups,
Wortsman et al. 2022), written texts weighing more; the same with the texts that were labelled since; a short one in which the
corpora weigh more, since PolNeAR is half a point lower after the texts; more texts again; then the relevance head alone, on
topics of which a second reader has said where they are disputed; then all heads on all of these and on whom pronouns and
descriptions stand for, averaged with the weights before; and the same once more, with those who are named together as candidates
for "they" (`models.together`); and all heads with who was named and who spoke since a candidate last was
(`models.coreference.Candidates.recency`) among what the antecedent scorer is told, the corpora weighing more; and the same with where
both stand in their clauses (`models.clauses`) and texts whose people have other names (`models.training.renaming`), averaged with
the weights before but for the two heads that gained by it; and the same with twice the passages for pronouns, after which the
antecedent scorer alone learns once more what the averaged encoder's states say, to which the average never fitted it; and three
times all heads with what a larger network that learned PolNeAR's tags (`models.training.teacher`) says of them in PolNeAR and in
other news each time; then those three averaged, and the antecedent scorer moved three tenths of the way
to what it would be if fitted to them as before.
What is PolNeAR's is marked as such (`models.labels.CONVENTIONS`), so that neither convention is learned at the cost of the other. `Stage.average` says which earlier
weights a stage's start is moved towards.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tqdm import tqdm

from models import windows
from models.encoder import fast_bf16
from models.network import QuoteConfig, QuoteModel
from models.training import datasets, referents, renaming, standoff, starts, teacher
from models.training.losses import losses
from models.training.silver import Said, predict

ARTICLES = Path(__file__).parent / "articles"
WEIGHTS = {"tags": 1.0, "taught": 1.0, "names": 0.3, "source": 0.15, "cue": 0.1, "join": 0.05, "antecedent": 0.5,
           "speaker": 0.2, "kind": 0.05, "served": 0.1, "negated": 0.1, "topics": 1.0}
BERT_KEYS = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
             "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "pad_token_id")
Network = Callable[[list[windows.Pieces]], list[Said]]  # what a trained network says of texts, see `silver`
Some = Callable[[list[Any]], list[Any]]  # those of a list that a stage reads


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the training: how long, how fast, how often an epoch draws each document of PolNeAR, of the labelled articles and
    of the labelled news (0.7: seven in ten), and the share of an earlier stage, `partner`, that its start is averaged with."""

    name: str
    epochs: int
    rate: float
    polnear: float
    articles: float = 0.0
    news: float = 0.0
    average: float = 0.0
    partner: str = "corpora"
    only: str = ""  # what the names of the weights begin with that learn; "": all
    coreference: float | None = None  # how often an epoch draws what has coreference by hand; None: as PolNeAR
    taught: float = 0.0  # how often an epoch draws each news text whose tags a teacher tells; PolNeAR's texts have them told too
    kept: tuple[str, ...] = ()  # what the names of the weights begin with that are not averaged
    seed: int = 0  # added to the run's, so that a stage draws other texts than the one before


HEADS = ("classifiers.", "relevance.", "pairs.speaker.", "extra.convention.")  # what the first stage does not teach: nothing to average
STAGES = (
    Stage("corpora", 4, 2e-4, 1), Stage("articles", 3, 1e-4, 0.7, 2, 2), Stage("joint", 4, 1e-4, 0.25, 1, 0.35, 0.3, kept=HEADS),
    Stage("third", 0, 0.0, 0, average=0.1, kept=HEADS), Stage("more", 3, 1e-4, 0.25, 1, 0.67),
    Stage("settled", 1, 5e-5, 0.5, 0.4, 0.25),
    Stage("last", 0, 0.0, 0, average=0.4, partner="more"),
    Stage("again", 1, 1e-4, 0.25, 1, 0.67), Stage("wide", 3, 1e-4, 0.35, 1, 0.5),
    Stage("topics", 2, 2e-4, 0, 1, 0.35, 0.25, "last", only="relevance."),
    Stage("clear", 3, 1e-4, 0.35, 1, 0.67), Stage("blend", 0, 0.0, 0, average=0.5, partner="topics"),
    Stage("groups", 3, 1e-4, 0.3, 0.8, 0.6), Stage("mean", 0, 0.0, 0, average=0.25, partner="blend"),
    Stage("recency", 3, 1e-4, 0.7, 0.6, 0.4), Stage("even", 0, 0.0, 0, average=0.3, partner="mean"),
    Stage("clauses", 3, 1e-4, 0.75, 0.55, 0.33),
    Stage("level", 0, 0.0, 0, average=0.68, partner="even", kept=("pairs.antecedent.", "relevance.")),
    Stage("passages", 2, 1e-4, 0.3, 0.6, 0.33, coreference=0.8),
    Stage("steady", 0, 0.0, 0, average=0.5, partner="level", kept=("pairs.antecedent.", "relevance.")),
    Stage("refit", 1, 6e-5, 0.35, 0.4, 0.33, coreference=0.8, only="pairs.antecedent."),
    Stage("taught", 1, 1e-4, 1.5, 0.35, 0.33, coreference=0.35, taught=1),
    Stage("drilled", 1, 1e-4, 1.5, 0.45, 0.4, coreference=0.5, taught=0.6, seed=1),
    Stage("versed", 1, 1e-4, 1.5, 0.5, 0.35, coreference=0.8, taught=0.5, seed=2),
    Stage("halves", 0, 0.0, 0, average=0.5, partner="drilled", kept=("pairs.antecedent.",)),
    Stage("fifths", 0, 0.0, 0, average=0.2, partner="taught", kept=("pairs.antecedent.",)),
    Stage("fitted", 1, 6e-5, 0.35, 0.4, 0.33, coreference=0.8, only="pairs.antecedent."),
    Stage("eased", 0, 0.0, 0, average=0.7, partner="fifths"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """Sizes in pieces; `warm` is the share of the steps in which the rate rises."""

    data: Path
    out: Path
    length: int = 510
    overlap: int = 64
    budget: int = 4096
    heads: float = 5.0
    warm: float = 0.06
    decay: float = 0.01
    average: float = 0.998
    seed: int = 1


def fresh(folder: Path) -> QuoteModel:
    """The encoder with its pretrained weights and new heads."""
    config = json.loads((folder / "config.json").read_text())
    bert = {key: config[key] for key in BERT_KEYS} | {"attention_probs_dropout_prob": 0.0}
    model = QuoteModel(QuoteConfig(bert=bert))
    state = load_file(folder / "model.safetensors")
    state = {key: value for key, value in state.items() if not key.startswith("pooler") and key != "embeddings.position_ids"}
    model.encoder.load_state_dict(state)
    return model


def learning(model: QuoteModel, only: str) -> None:
    """Let the weights learn whose names begin so; the word embedding never does."""
    for name, value in model.named_parameters():
        value.requires_grad_(name.startswith(only) and "word_embeddings" not in name)


def coreference(data: Path, tokenizer: Tokenizer, said: Network | None, some: Some) -> list[datasets.Doc]:
    """The training documents with coreference by hand, which are small: once as they are, once with other names where a network
    tells which are people's."""
    snippets, told = some(list(datasets.lines(data / "gap/train.jsonl"))), referents.load("gap")
    passages = some(list(datasets.lines(referents.FOLDER / "written.jsonl")))
    gum = some(list(datasets.gum(data / "gum/train.jsonl", tokenizer)))
    names = names_in([row["text"] for row in (*snippets, *passages)], tokenizer, said) if said else {}
    docs = [*gum, *pronouns(snippets, told, passages, names, tokenizer)]
    if said:
        docs += [*gum, *pronouns(*renaming.everyone(snippets, told, passages, names), tokenizer)]
    else:
        docs += docs
    return docs


def names_in(texts: list[str], tokenizer: Tokenizer, said: Network) -> dict[str, referents.Names]:
    """Where a network finds names of each class in each text; characters."""
    read = [windows.read(text, tokenizer) for text in texts]
    return {
        pieces.text: {kind: [pieces.chars(first, last) for first, last in spans.tolist()] for kind, spans in names.items()}
        for pieces, (_, _, names) in zip(read, said(read), strict=True)
    }


def pronouns(
    snippets: list[dict[str, Any]], told: Mapping[str, referents.Referents], passages: list[dict[str, Any]], names: Mapping[str, referents.Names], tokenizer: Tokenizer
) -> list[datasets.Doc]:
    """GAP's snippets, with what readers said of their other pronouns, and the passages written for theirs; `names` by text."""
    docs = list(datasets.gap(snippets, tokenizer))
    for row, doc in zip(snippets, docs, strict=True):
        if row["text"] in names and doc.name in told:
            referents.completed(doc, told[doc.name], names[row["text"]])
    return [*docs, *referents.written(passages, tokenizer, names)]


def polnear(data: Path, tokenizer: Tokenizer) -> list[datasets.Doc]:
    """PolNeAR, with readers' answers in place of the silver chains where there are some."""
    docs, read = list(datasets.polnear(data / "polnear/train.jsonl", tokenizer)), referents.load("polnear")
    for doc in docs:
        if doc.name in read:
            doc.mentions, doc.mention_weight = referents.taught(doc, read[doc.name]), 1.0
    return docs


def news(data: Path, tokenizer: Tokenizer, said: Network | None, some: Some) -> list[datasets.Doc]:
    """The labelled news, with what readers say of its pronouns and descriptions beside the sources that are labelled."""
    rows, read = some(list(standoff.load(data / "news/unlabelled.jsonl", "train"))), referents.load("news")
    docs = list(datasets.articles(rows, tokenizer, said))
    for row, doc in zip(rows, docs, strict=True):
        known = {mention.span for mention in doc.mentions}
        doc.mentions += [own for own in referents.taught(doc, read.get(standoff.name(row), [])) if own.span not in known]
    return docs


def documents(stage: Stage, options: Options, tokenizer: Tokenizer, model: QuoteModel) -> list[tuple[list[datasets.Doc], float]]:
    """The documents of each source, and how often an epoch of the stage draws each. What the model says of them fills the layers
    that nobody labelled, but not for the first stage and not where the relevance head learns alone, which asks for none of them."""
    said = None if stage.only == "relevance." or stage is STAGES[0] else lambda texts: predict(model, texts)
    made: list[tuple[list[datasets.Doc], float]] = []

    def add(make: Callable[[Some], list[datasets.Doc]], share: float) -> None:
        """Where the stage is one epoch, read no more than it draws: what a network says of a text takes as long as to learn from it."""
        if 0 < share < 1 and stage.epochs == 1:
            made.append((make(lambda rows: random.Random(options.seed + stage.seed).sample(rows, round(share * len(rows)))), 1.0))
        elif share:
            made.append((make(list), share))

    add(lambda some: coreference(options.data, tokenizer, said, some), stage.polnear if stage.coreference is None else stage.coreference)
    add(lambda some: list(datasets.articles(some(datasets.load_articles(ARTICLES, "train")), tokenizer, said)), stage.articles)
    add(lambda some: news(options.data, tokenizer, said, some), stage.news)
    tags = teacher.said() if stage.taught else {}
    if stage.polnear:
        made.append((teacher.told(polnear(options.data, tokenizer), tags), stage.polnear))
    add(lambda some: teacher.told(some(teacher.unlabelled(options.data, tokenizer)), tags), stage.taught)
    return made


class Average:
    """An exponential average of the weights, which is what is kept (Polyak); its horizon grows with the steps."""

    def __init__(self, model: torch.nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.state = {name: value.detach().clone() for name, value in model.named_parameters() if value.requires_grad}

    @torch.no_grad()
    def update(self, model: torch.nn.Module) -> None:
        """Move towards the weights as they are now."""
        self.steps += 1
        share = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in model.named_parameters():
            if value.requires_grad:
                self.state[name].lerp_(value, share)

    def write_to(self, model: QuoteModel) -> None:
        """Put the average into the model."""
        model.load_state_dict(self.state, strict=False)


def optimizer_of(model: QuoteModel, stage: Stage, options: Options) -> torch.optim.AdamW:
    """AdamW; heads and new embeddings learn `options.heads` times as fast as the encoder."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            groups.setdefault((name.startswith("encoder."), value.ndim > 1), []).append(value)
    return torch.optim.AdamW(
        [
            {"params": own, "lr": stage.rate * (1 if encoder else options.heads), "weight_decay": options.decay if matrix else 0.0}
            for (encoder, matrix), own in groups.items()
        ],
        fused=True,
    )


def run(stage: Stage, model: QuoteModel, tokenizer: Tokenizer, options: Options, device: torch.device) -> None:
    """Train one stage to its end, from its checkpoint if there is one; the model then holds the averaged weights."""
    learning(model, stage.only)
    sources = documents(stage, options, tokenizer, model)
    optimizer, average = optimizer_of(model, stage, options), Average(model, options.average)
    file = options.out / f"{stage.name}.checkpoint"
    done, seconds = 0, 0.0
    if file.exists():
        saved: dict[str, Any] = torch.load(file, weights_only=True, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average.state, average.steps, done, seconds = saved["average"], saved["steps"], saved["done"], saved["seconds"]
        torch.set_rng_state(saved["random"].cpu())

    def plans(epoch: int) -> Iterator[list[tuple[datasets.Doc, int, int]]]:
        seen, chance = datasets.drawn(sources, options.seed + stage.seed, epoch)
        return datasets.plan(seen, options.length, options.overlap, options.budget, chance)

    total = sum(sum(1 for _ in plans(epoch)) for epoch in range(stage.epochs))
    schedule = lambda step: min(1.0, (step + 1) / (options.warm * total)) * max(0.0, 1 - step / total)  # noqa: E731
    rates = [group["lr"] for group in optimizer.param_groups] if not file.exists() else saved["rates"]
    model.train()
    bar = tqdm(total=total, initial=done, desc=stage.name, unit="step", mininterval=5)
    step, began, recent = 0, time.monotonic() - seconds, {}
    for epoch in range(stage.epochs):
        for plan in plans(epoch):
            step += 1
            if step <= done:
                continue
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * schedule(step)
            batch = [datasets.example(*border) for border in plan]
            with torch.autocast(device.type, torch.bfloat16, enabled=bf16(device)):
                parts = losses(model, batch)
            loss = sum((WEIGHTS[name] * value for name, value in parts.items() if value.requires_grad), torch.zeros((), device=device))
            optimizer.zero_grad(set_to_none=True)
            if loss.requires_grad:  # a batch may hold nothing for the one head that learns
                loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            if loss.requires_grad and math.isfinite(float(norm)):
                optimizer.step()
                average.update(model)
            for name, value in parts.items():
                recent[name] = 0.98 * recent.get(name, float(value.detach())) + 0.02 * float(value.detach())
            bar.update()
            if step % 20 == 0:
                bar.set_postfix({name: f"{value:.3f}" for name, value in recent.items()} | {"norm": f"{float(norm):.2f}"})
            if step % 100 == 0 or step == total:
                state = {
                    "model": model.state_dict(), "optimizer": optimizer.state_dict(), "average": average.state, "steps": average.steps,
                    "done": step, "seconds": time.monotonic() - began, "random": torch.get_rng_state(), "rates": rates,
                }
                torch.save(state, file.with_suffix(".part"))
                file.with_suffix(".part").replace(file)
    bar.close()
    average.write_to(model)


def averaged(model: QuoteModel, partner: Path, share: float, but: tuple[str, ...] = ()) -> None:
    """Move a model towards an earlier stage's weights, all `but` those whose names begin so."""
    other = load_file(partner / "model.safetensors")
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name in other and not name.startswith(but):
                value.lerp_(other[name].to(value), share)


def bf16(device: torch.device) -> bool:
    """Whether the processor multiplies bf16 faster than fp32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return fast_bf16()


def main() -> None:
    """Parse the command line and train what is not trained yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the corpora")
    parser.add_argument("--out", type=Path, default=Path("checkpoints"), help="folder of checkpoints and results")
    parser.add_argument("--stage", choices=[stage.name for stage in STAGES], help="only this stage")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    options = Options(given.data, given.out, seed=given.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_flush_denormal(True)  # averages of gradients that stay zero decay into denormals, which are slow
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder = starts.minilm()
    tokenizer = windows.tokenizer(folder)
    model = fresh(folder).to(device)
    for stage in STAGES:
        result = options.out / stage.name
        if (result / "model.safetensors").exists():
            model.load_state_dict(load_file(result / "model.safetensors"), strict=False)
        elif given.stage in (None, stage.name):
            learning(model, "")
            if stage.average:
                averaged(model, options.out / stage.partner, stage.average, stage.kept)
            if stage.epochs:
                run(stage, model, tokenizer, options, device)
            model.save_pretrained(result)
            tokenizer.save(str(result / "tokenizer.json"))


if __name__ == "__main__":
    main()
