"""The teacher's own forward against MPNet's, and what it says against the document it says it of."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402
from transformers.models.mpnet.modeling_mpnet import MPNetConfig, MPNetModel  # noqa: E402

from models import artifact, windows  # noqa: E402
from models.encoder import CLS, SEP  # noqa: E402
from models.labels import TAG_LABELS  # noqa: E402
from models.tags import legal  # noqa: E402
from models.training import datasets, teacher  # noqa: E402
from models.training.crf import posterior  # noqa: E402

TEXT = "Hale said the bridge is safe.\n\n“It is not,” Lund told reporters in Riga."


@pytest.fixture(name="small")
def _small() -> teacher.Teacher:
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=30527, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=48, max_position_embeddings=514, pad_token_id=1
    )
    return teacher.Teacher(config).train(False)


@pytest.fixture(name="document")
def _document() -> datasets.Doc:
    return datasets.Doc("made up", windows.read(TEXT, windows.tokenizer(artifact.DEFAULT)), convention="polnear")


def test_the_forward_is_mpnets(small: teacher.Teacher) -> None:
    """With nothing in the extra embeddings, states are those of transformers' own forward, padding or not."""
    for table in (small.extra.case, small.extra.layout, small.extra.marks):
        torch.nn.init.zeros_(table.weight)
    states: list[torch.Tensor] = []
    small.tags.register_forward_hook(lambda module, given, made: states.append(given[0]))
    ids = torch.tensor([[CLS, 2023, 2003, 1037, 3231, SEP], [CLS, 5000, 6000, 7000, SEP, 0]])
    mask = ids > 0
    theirs = torch.where(ids == CLS, teacher.FIRST, torch.where(ids == SEP, teacher.LAST, ids + teacher.SHIFT))
    theirs[~mask] = 1
    with torch.no_grad():
        small(torch.stack([ids, *[torch.zeros_like(ids)] * 3], 1), mask, torch.zeros(2, dtype=torch.long))
        own: MPNetModel = small.encoder
        wanted = own(input_ids=theirs, attention_mask=mask.long()).last_hidden_state
    assert torch.allclose(states[0][mask], wanted[mask], atol=1e-5)


def spoken(small: teacher.Teacher, document: datasets.Doc, file: Path) -> np.ndarray:
    """What the teacher says of a document, after it was written and read; the posterior before that."""
    # Untrained, it is as good as even between all steps, which LEVELS cannot tell apart: let it be surer.
    steps = posterior(50 * teacher.scores(small, document.pieces), small.transitions.detach().numpy())
    teacher.write({teacher.key(document): steps}, file)
    teacher.told([document], teacher.said(file))
    return steps


def test_what_it_says_reaches_its_document_alone(small: teacher.Teacher, document: datasets.Doc, tmp_path: Path) -> None:
    other = datasets.Doc("made up", document.pieces, convention="contract")
    steps = spoken(small, document, tmp_path / "said")
    teacher.told([other], teacher.said(tmp_path / "said"))
    assert other.posterior is None
    assert document.posterior is not None
    assert document.posterior.shape == (len(document.pieces) - 1, int(legal().sum()))
    assert np.allclose(document.posterior.sum(1, dtype=np.float32), 1, atol=5e-3)
    assert np.allclose(document.posterior, steps, atol=3 / teacher.LEVELS)
    assert document.posterior.max() > 0.5


def test_a_window_has_its_pieces_of_the_posterior(small: teacher.Teacher, document: datasets.Doc, tmp_path: Path) -> None:
    spoken(small, document, tmp_path / "said")
    made = datasets.example(document, 3, 9)
    assert made.posterior is not None
    assert document.posterior is not None
    labels, steps = made.posterior
    assert labels.shape == (6, len(TAG_LABELS))
    assert np.allclose(labels.sum(1), 1, atol=5e-3)
    assert steps.sum() == pytest.approx(5, abs=5e-3)  # from the first of six pieces to the last
    assert not steps[~legal()].any()
    assert datasets.example(document, 3, 4).posterior is None


def test_weights_that_lack_something_are_named(tmp_path: Path) -> None:
    MPNetConfig(vocab_size=8, hidden_size=12, num_attention_heads=3, intermediate_size=12, max_position_embeddings=16).save_pretrained(tmp_path)
    save_file({"embeddings.word_embeddings.weight": torch.zeros(8, 12)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"lacks embeddings\.LayerNorm\.bias"):
        teacher.fresh(tmp_path)
