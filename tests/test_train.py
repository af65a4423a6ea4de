"""A stage of one head meets batches that hold nothing for it."""

from pathlib import Path

import pytest
import torch

from models import artifact
from models.network import QuoteConfig, QuoteModel
from models.training import datasets, train
from models.windows import read, tokenizer


def test_a_batch_without_what_one_head_learns_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tokenizer(artifact.DEFAULT)
    doc = datasets.Doc("one", read("Hale said no.", words), attributions=[])
    monkeypatch.setattr(train, "documents", lambda *_: [([doc], 1.0)])
    torch.manual_seed(1)
    model = QuoteModel(QuoteConfig(bert={"vocab_size": words.get_vocab_size(), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    stage = train.Stage("fitted", 1, 1e-3, 1, only="pairs.antecedent.")
    train.run(stage, model, words, train.Options(tmp_path, tmp_path), torch.device("cpu"))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert (tmp_path / "fitted.checkpoint").exists()
