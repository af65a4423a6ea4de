"""What a trained network says of documents, as silver layers for the next stage: its names, and the contents it would tag."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from models import tags, windows
from models.attributor import breaks_of
from models.encoder import CLS, SEP, fast_bf16
from models.labels import CONVENTIONS, NAME_LABELS, NAMES
from models.network import QuoteModel
from models.windows import Pieces, Window

Spans = npt.NDArray[np.int64]
Said = tuple[dict[str, Spans], npt.NDArray[np.int64], dict[str, Spans]]  # tagged spans by role, each piece's name label, names by class


def alone(window: Window) -> torch.Tensor:
    """A batch of one window, with [CLS] and [SEP] in place; [1, 4, pieces + 2]."""
    features = np.zeros((1, 4, window.length + 2), np.int64)
    features[0, :, 1:-1] = window.features
    features[0, 0, 0], features[0, 0, -1] = CLS, SEP
    return torch.from_numpy(features)


@torch.inference_mode()
def predict(model: QuoteModel, texts: Sequence[Pieces]) -> list[Said]:
    """What the network says of each text; pieces."""
    model.eval()
    made = []
    for pieces in texts:
        cuts = windows.split(pieces)
        outputs = []
        for window in cuts:
            with torch.autocast(model.device.type, torch.bfloat16, enabled=model.device.type == "cpu" and fast_bf16()):
                tag_scores, name_scores, _ = model(alone(window).to(model.device), None, torch.full((1,), CONVENTIONS.index("contract"), device=model.device))
            outputs.append([scores[0, 1:-1].float().cpu().numpy() for scores in (tag_scores, name_scores)])
        tag_scores, name_scores = (windows.merge(cuts, [own[index] for own in outputs]) for index in (0, 1))
        breaks = breaks_of(pieces)
        path = tags.best_path(tag_scores, model.transitions.detach().float().cpu().numpy(), breaks)
        labels = tags.name_path(name_scores, breaks)
        made.append((tags.spans(path), labels, tags.spans(labels, NAME_LABELS, NAMES)))
    model.train()
    return made
