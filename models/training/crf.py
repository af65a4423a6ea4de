"""The likelihood of a linear-chain CRF (Lafferty et al. 2001), for training; `models.tags` decodes without torch.

`posterior` says how likely a CRF thinks each step from label to label, and `expected_log_likelihood` holds another CRF to that:
what is left of the divergence of the two over all paths (Wang et al., ACL 2021, Structural Knowledge Distillation).
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.tags import legal


def log_likelihood(scores: Tensor, transitions: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
    """Log probability of `labels` a sequence; [batch].

    `scores` [batch, pieces, labels], `transitions` [labels, labels] from row to column, `labels` and `mask` [batch, pieces],
    the mask true for a prefix of each row. A sequence may begin and end anywhere in a span: windows cut spans.
    """
    between = _legal_only(transitions)
    own = scores.gather(2, labels[..., None]).squeeze(2)
    own = torch.where(mask, own, 0.0).sum(1)
    steps = between[labels[:, :-1], labels[:, 1:]]
    own = own + torch.where(mask[:, 1:], steps, 0.0).sum(1)
    return own - log_normalizer(scores, between, mask)


def expected_log_likelihood(scores: Tensor, transitions: Tensor, labels: Tensor, steps: Tensor, mask: Tensor) -> Tensor:
    """The mean log probability of the paths of another CRF, given its posteriors; [batch].

    `scores`, `transitions` and `mask` as above; `labels` [batch, pieces, labels], zeros where `mask` is false, and `steps`
    [batch, labels, labels], summed over the pieces.
    """
    between = _legal_only(transitions)
    return (labels * scores).sum((1, 2)) + (steps * between).sum((1, 2)) - log_normalizer(scores, between, mask)


def log_normalizer(scores: Tensor, between: Tensor, mask: Tensor) -> Tensor:
    """Log of the sum over all paths; [batch]."""
    total = scores[:, 0]
    for index in range(1, scores.shape[1]):
        following = torch.logsumexp(total[:, :, None] + between[None], 1) + scores[:, index]
        total = torch.where(mask[:, index, None], following, total)
    return torch.logsumexp(total, 1)


def posterior(scores: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities of each legal step from a piece to the next, by forward and backward sums; [pieces - 1, legal steps], the steps
    in the order of `numpy.nonzero(legal())`."""
    allowed = legal()
    between = np.where(allowed, np.exp(transitions.astype(np.float64)), 0.0)
    own = np.exp(np.maximum(scores - scores.max(1, keepdims=True), -60), dtype=np.float64)  # else the sums of legal paths may all be zero
    forward, backward = own.copy(), np.ones_like(own)
    forward[0] /= forward[0].sum()
    for index in range(1, len(own)):
        forward[index] *= forward[index - 1] @ between
        forward[index] /= forward[index].sum()
    for index in range(len(own) - 2, -1, -1):
        backward[index] = between @ (own[index + 1] * backward[index + 1])
        backward[index] /= backward[index].sum()
    before, after = np.nonzero(allowed)
    steps = forward[:-1, before] * between[before, after] * (own * backward)[1:, after]
    made: npt.NDArray[np.float32] = (steps / steps.sum(1, keepdims=True)).astype(np.float32)
    return made


def labels_of(steps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The probabilities of each piece's label that those of its steps amount to; [pieces, labels], of at least two pieces."""
    before, after = np.nonzero(legal())
    size = len(legal())
    last = np.bincount(after, steps[-1], size)
    return np.vstack([steps @ np.eye(size, dtype=np.float32)[before], last[None]]).astype(np.float32)


def _legal_only(transitions: Tensor) -> Tensor:
    return transitions.masked_fill(~torch.from_numpy(legal()).to(transitions.device), -1e4)
