"""The likelihood of a linear-chain CRF (Lafferty et al. 2001), for training; `models.tags` decodes without torch."""

import torch
from torch import Tensor

from models.tags import legal


def log_likelihood(scores: Tensor, transitions: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
    """Log probability of `labels` a sequence; [batch].

    `scores` [batch, pieces, labels], `transitions` [labels, labels] from row to column, `labels` and `mask` [batch, pieces],
    the mask true for a prefix of each row. A sequence may begin and end anywhere in a span: windows cut spans.
    """
    allowed = torch.from_numpy(legal()).to(scores.device)
    between = transitions.masked_fill(~allowed, -1e4)
    length = scores.shape[1]
    own = scores.gather(2, labels[..., None]).squeeze(2)
    own = torch.where(mask, own, 0.0).sum(1)
    steps = between[labels[:, :-1], labels[:, 1:]]
    own = own + torch.where(mask[:, 1:], steps, 0.0).sum(1)
    total = scores[:, 0]
    for index in range(1, length):
        following = torch.logsumexp(total[:, :, None] + between[None], 1) + scores[:, index]
        total = torch.where(mask[:, index, None], following, total)
    return own - torch.logsumexp(total, 1)
