"""A teacher of the tags: all-mpnet-base-v2 (109 M, Apache-2.0), whose layers are seven times the student's, learns PolNeAR's spans.

MPNet's vocabulary is BERT's, four numbers on, so its pieces are the student's, and what it says of a piece is a target for the
same piece (`models.training.losses.taught_loss`). MPNet is as uncased as MiniLM: it reads the student's extra embeddings too.
`make teacher` trains it and writes what it says of PolNeAR and of the training news, by PolNeAR's convention; that is kept beside this
module, numbers without a word of the texts, so that `make train` needs no teacher.
"""

import argparse
import hashlib
import json
import lzma
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm
from transformers.models.mpnet.modeling_mpnet import MPNetConfig, MPNetEncoder, MPNetModel

from models import tags, windows
from models.attributor import LEANING, breaks_of
from models.encoder import CLS, SEP, fast_bf16
from models.labels import CONVENTIONS, ROLES, TAG_LABELS
from models.network import Embeddings
from models.training import datasets, standoff, starts
from models.training.crf import log_likelihood, posterior
from models.training.losses import collate
from models.training.scores import RoleCounts, Tokens
from models.training.silver import alone
from models.windows import Pieces

SHIFT = 4  # MPNet's vocabulary begins with <s> <pad> </s> <unk>, then BERT's
FIRST, LAST = 0, 2  # <s>, </s>
POSITION = 2  # positions count from here, as RoBERTa's
LAYERS = 10  # of 12: the uppermost two were trained for sentences, and cost a sixth of the time
DROPPED = 0.1
SLOWER = 0.9  # the rate of each layer, as a share of the next one's
LENGTH, OVERLAP, BUDGET = 384, 32, 3072  # of the training, in pieces
SAID = Path(__file__).parent / "teacher.safetensors.xz"
LEVELS = 63  # steps of a probability in that file: finer ones would double it, and say nothing that the student could tell
NEWS = 0.08  # how often an epoch draws each labelled news text: few, so that it meets the news that it shall label


class Teacher(nn.Module):
    """MPNet with the student's extra embeddings and tag head."""

    def __init__(self, config: MPNetConfig) -> None:
        super().__init__()
        self.encoder = MPNetModel(config, add_pooling_layer=False)
        self.extra = Embeddings(config)
        self.tags = nn.Linear(config.hidden_size, len(TAG_LABELS))
        self.transitions = nn.Parameter(torch.zeros(len(TAG_LABELS), len(TAG_LABELS)))

    def forward(self, features: Tensor, mask: Tensor | None, convention: Tensor) -> Tensor:
        """Scores [batch, pieces, tag labels] of what `models.network.QuoteModel.forward` takes.

        Not MPNet's own forward, whose attention writes out every weight: the kernel that does not takes the bias of distances as
        a mask, without a gradient, so that bias does not learn.
        """
        ids, case, layout, marks = features.unbind(1)
        ids = torch.where(ids == CLS, FIRST, torch.where(ids == SEP, LAST, ids + SHIFT))
        encoder, heads = self.encoder, self.encoder.config.num_attention_heads
        at = torch.arange(ids.shape[1], device=ids.device)
        embedded = encoder.embeddings.word_embeddings(ids) + encoder.embeddings.position_embeddings(at + POSITION)
        x = self._drop(encoder.embeddings.LayerNorm(embedded + self.extra(case, layout, marks, convention)))
        with torch.no_grad():
            bucket = MPNetEncoder.relative_position_bucket(at[None] - at[:, None])
            bias = encoder.encoder.relative_attention_bias(bucket).permute(2, 0, 1)[None]
            if mask is not None:
                bias = bias.masked_fill(~mask[:, None, None], -1e4)
            bias = bias.to(torch.bfloat16 if torch.is_autocast_enabled(x.device.type) else x.dtype)
        for layer in encoder.encoder.layer:
            own = layer.attention.attn
            query, key, value = (made(x).unflatten(2, (heads, -1)).transpose(1, 2) for made in (own.q, own.k, own.v))
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
            x = layer.attention.LayerNorm(x + self._drop(own.o(mixed.transpose(1, 2).flatten(2))))
            x = layer.output.LayerNorm(x + self._drop(layer.output.dense(functional.gelu(layer.intermediate.dense(x)))))
        scores: Tensor = self.tags(self._drop(x))
        return scores

    def _drop(self, x: Tensor) -> Tensor:
        """Drop features of a whole window at once: a chance a piece would take a tenth of the step."""
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= DROPPED
        return x * (kept / (1 - DROPPED)).to(x.dtype)


def fresh(folder: Path) -> Teacher:
    """MPNet with its pretrained weights and new heads; the word embedding does not learn.

    Raises ValueError where the file lacks a weight."""
    model = Teacher(MPNetConfig.from_pretrained(folder, num_hidden_layers=LAYERS))
    state = load_file(folder / "model.safetensors")
    missing = model.encoder.load_state_dict(state, strict=False).missing_keys
    if missing:
        raise ValueError(f"{folder}/model.safetensors lacks {', '.join(sorted(missing))}")
    for name, value in model.named_parameters():
        value.requires_grad_("word_embeddings" not in name and "relative_attention_bias" not in name)
    return model


def optimizer_of(model: Teacher, rate: float) -> torch.optim.AdamW:
    """AdamW; new layers learn ten times as fast as the uppermost old one, and each old one a little slower than the next."""
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            depth = int(name.split("layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0
            factor = SLOWER ** (LAYERS - depth) if name.startswith("encoder.") else 10.0
            groups.setdefault((factor, value.ndim > 1), []).append(value)
    return torch.optim.AdamW(
        [{"params": own, "lr": rate * factor, "weight_decay": 0.01 if matrix else 0.0} for (factor, matrix), own in groups.items()], fused=True
    )


def loss(model: Teacher, examples: Sequence[datasets.Example]) -> Tensor:
    """Minus the log likelihood of the tags, a mean over the pieces."""
    features, mask = collate(examples)
    conventions = torch.tensor([CONVENTIONS.index(example.convention) for example in examples])
    scores = model(features, None if bool(mask.all()) else mask, conventions).float()
    inner = mask[:, 2:]
    labels = torch.zeros(inner.shape, dtype=torch.long)
    for row, example in enumerate(examples):
        if example.tags is not None:
            labels[row, : example.window.length] = torch.from_numpy(example.tags)
    return -log_likelihood(scores[:, 1:-1], model.transitions, labels, inner).sum() / inner.sum()


def train(model: Teacher, sources: list[tuple[list[datasets.Doc], float]], file: Path, epochs: int, rate: float, seed: int) -> None:
    """Train, from the checkpoint `file` if it is there."""
    optimizer, done, seconds = optimizer_of(model, rate), 0, 0.0
    rates = [group["lr"] for group in optimizer.param_groups]
    if file.exists():
        saved: dict[str, Any] = torch.load(file, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        done, seconds = saved["done"], saved["seconds"]
        torch.set_rng_state(saved["random"])
    plans = []
    for epoch in range(epochs):
        docs, chance = datasets.drawn(sources, seed, epoch)
        plans += datasets.plan(docs, LENGTH, OVERLAP, BUDGET, chance)
    model.train()
    bar = tqdm(total=len(plans), initial=done, desc="teacher", unit="step", mininterval=5)
    began, recent = time.monotonic() - seconds, 0.0
    for step, plan in enumerate(plans[done:], done + 1):
        for group, own in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = own * min(1.0, step / (0.06 * len(plans))) * (1 - (step - 1) / len(plans))
        with torch.autocast("cpu", torch.bfloat16, enabled=fast_bf16()):
            value = loss(model, [datasets.example(*border) for border in plan])
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        if math.isfinite(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0))):
            optimizer.step()
        recent = 0.98 * recent + 0.02 * float(value.detach())
        bar.update()
        if step % 20 == 0:
            bar.set_postfix(loss=f"{recent:.4f}")
        if step % 250 == 0 or step == len(plans):
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "done": step, "seconds": time.monotonic() - began,
                     "random": torch.get_rng_state()}
            torch.save(state, file.with_suffix(".part"))
            file.with_suffix(".part").replace(file)
    bar.close()


@torch.inference_mode()
def scores(model: Teacher, pieces: Pieces, convention: str = "polnear") -> npt.NDArray[np.float32]:
    """What the teacher says of each piece of a text; [pieces, tag labels]."""
    model.train(False)
    cuts, made = windows.split(pieces), []
    for window in cuts:
        with torch.autocast("cpu", torch.bfloat16, enabled=fast_bf16()):
            said = model(alone(window), None, torch.tensor([CONVENTIONS.index(convention)]))
        made.append(said[0, 1:-1].float().numpy())
    return windows.merge(cuts, made)


def key(doc: datasets.Doc) -> str:
    """A document's convention and text, as the file of what the teacher says has them."""
    return f"{doc.convention}/{hashlib.sha256(doc.pieces.text.encode()).hexdigest()[:24]}"


def unlabelled(data: Path, tokenizer: Tokenizer) -> list[datasets.Doc]:
    """The texts of the training news as PolNeAR would label it, which nobody has."""
    rows = list(standoff.load(data / "news/unlabelled.jsonl", "train"))
    return [datasets.Doc(standoff.name(row), windows.read(row["text"], tokenizer), convention="polnear") for row in rows]


def said(file: Path = SAID) -> dict[str, npt.NDArray[np.uint8]]:
    """What the teacher says, by `key`: how likely each step is ([pieces - 1, legal steps], see `models.training.crf.posterior`), in
    parts of LEVELS."""
    return load_arrays(lzma.decompress(file.read_bytes()))


def write(given: Mapping[str, npt.NDArray[np.float32]], file: Path) -> None:
    """The inverse of `said`, but for what LEVELS rounds away; the likeliest step stays."""
    parts = {name: np.maximum(np.rint(steps * LEVELS), steps == steps.max(1, keepdims=True)) for name, steps in given.items()}
    # safetensors writes what lies in memory: columns first, if an array lies so
    file.write_bytes(lzma.compress(save_arrays({name: np.ascontiguousarray(own, np.uint8) for name, own in parts.items()})))


def told(docs: list[datasets.Doc], given: Mapping[str, npt.NDArray[np.uint8]]) -> list[datasets.Doc]:
    """The documents, each with what the teacher says of it where it says something."""
    for doc in docs:
        if key(doc) in given:
            steps = given[key(doc)].astype(np.float32)
            doc.posterior = (steps / steps.sum(1, keepdims=True)).astype(np.float16)
    return docs


def dev_scores(model: Teacher, rows: Sequence[dict[str, Any]], tokenizer: Tokenizer) -> dict[str, dict[str, float]]:
    """F1 of the teacher's spans by role on PolNeAR's rows, counted as `models.training.evaluate` counts the student's."""
    counts = RoleCounts()
    for row in rows:
        pieces = windows.read(row["text"], tokenizer)
        tagged = tags.spans(tags.best_path(scores(model, pieces) + LEANING["polnear"], model.transitions.detach().numpy(), breaks_of(pieces)))
        gold = [{role: [tuple(span) for span in own[role]] for role in ROLES} for own in row["attributions"] if own["content"]]
        counts.add(Tokens(row["text"]), gold, {role: [pieces.chars(first, last) for first, last in tagged[role].tolist()] for role in ROLES})
    return counts.scores()


def main() -> None:
    """Train the teacher if it is not trained yet, write what it says, and print its scores on PolNeAR dev as a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the corpora")
    parser.add_argument("--out", type=Path, default=Path("checkpoints"), help="folder of checkpoints and results")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=8e-5)
    given = parser.parse_args()
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = windows.tokenizer(starts.minilm())
    polnear = list(datasets.polnear(given.data / "polnear/train.jsonl", tokenizer))
    news = list(datasets.articles(list(standoff.load(given.data / "news/unlabelled.jsonl", "train")), tokenizer))
    model = fresh(starts.mpnet(given.out))
    train(model, [(polnear, 1.0), (news, NEWS)], given.out / "teacher.checkpoint", given.epochs, given.rate, 1)
    transitions = model.transitions.detach().numpy()
    write({key(doc): posterior(scores(model, doc.pieces), transitions) for doc in tqdm([*polnear, *unlabelled(given.data, tokenizer)])}, SAID)
    print(json.dumps(dev_scores(model, list(datasets.lines(given.data / "polnear/dev.jsonl")), tokenizer)))


if __name__ == "__main__":
    main()
