"""Windows -> scores and states: the only place that runs torch.

Windows are padded to length buckets, so that a window meets the same shapes, hence the same sums, whoever its neighbours
in the batch are, and so that the kernels' caches stay small.
"""

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from threadpoolctl import ThreadpoolController

from models.labels import CONVENTIONS
from models.network import QuoteConfig, QuoteModel
from models.windows import Window

CLS, SEP = 101, 102
BUCKETS = (32, 64, 96, 128, 192, 256, 320, 384, 448, 512)  # pieces, [CLS] and [SEP] counted
BATCH = 4096  # pieces of a batch, padding counted
# Below this many pieces oneDNN multiplies bf16 by other kernels, whose sums differ in the last bit; smaller batches are
# filled with empty rows, so that a window gives the same states alone and in any company (a test compares them bit by bit).
LEAST = 512
FASTER = 1.2  # bf16 is used from this many times the speed of fp32 on


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the network says of one window: `tags` [pieces, tag labels] and `names` [pieces, name labels] are logits,
    `states` [pieces, hidden]; all float32."""

    tags: npt.NDArray[np.float32]
    names: npt.NDArray[np.float32]
    states: npt.NDArray[np.float32]


@functools.cache
@torch.inference_mode()
def fast_bf16() -> bool:
    """Whether the processor multiplies bf16 clearly faster than fp32, by a product of the encoder's size (0.2 s of one core).

    Its flags do not tell: with AMX, bf16 is four times as fast; a Xeon of 2024 that shows avx512_bf16 and hides AMX takes twice
    as long for it as for fp32.
    """
    if not (torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()):  # type: ignore[no-untyped-call]
        return False
    took = {torch.float32: float("inf"), torch.bfloat16: float("inf")}
    made = {dtype: (torch.ones(2048, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)) for dtype in took}
    for _ in range(6):  # the first time compiles the kernels
        for dtype, (x, weight) in made.items():
            # Of the processor, not of the clock: beside other work, two workers of an archive must not choose differently.
            began = time.process_time()
            torch.nn.functional.linear(x, weight)
            took[dtype] = min(took[dtype], time.process_time() - began)
    return took[torch.bfloat16] * FASTER < took[torch.float32]


class Encoder:
    """The network, ready to run; one thread at a time may call it."""

    def __init__(self, folder: Path, precision: str = "auto", threads: int | None = None, convention: str = "contract") -> None:
        self._convention = CONVENTIONS.index(convention)
        if precision not in ("auto", "bf16", "fp32"):
            raise ValueError(f"precision is auto, bf16 or fp32, not {precision!r}")
        if threads is not None:
            torch.set_num_threads(threads)
        if precision == "auto":
            precision = "bf16" if fast_bf16() else "fp32"
        # Torch's threads spin for a while after each batch; numpy's, woken at once by the heads, would fight them for the cores
        # (the heads took 1.6 times as long). The products of the heads are small: one thread is enough.
        ThreadpoolController().select(internal_api="openblas").limit(limits=1)
        self.precision = precision
        # Not `from_pretrained`, which draws a progress bar into the caller's terminal and lets a missing tensor pass.
        self.model = QuoteModel(QuoteConfig.from_pretrained(folder))
        self.model.load_state_dict(load_file(folder / "model.safetensors"))
        self.model.to(torch.bfloat16 if precision == "bf16" else torch.float32)  # type: ignore[arg-type]
        self.model.train(False)

    def __call__(self, windows: Sequence[Window]) -> list[Encoded]:
        """One `Encoded` a window, in the order given."""
        order = sorted(range(len(windows)), key=lambda index: windows[index].length)
        done: dict[int, Encoded] = {}
        batch: list[int] = []
        for index in order:
            if batch and (self._bucket(windows[index]) != self._bucket(windows[batch[0]])
                          or (len(batch) + 1) * self._bucket(windows[index]) > BATCH):
                done.update(zip(batch, self._run([windows[i] for i in batch]), strict=True))
                batch = []
            batch.append(index)
        if batch:
            done.update(zip(batch, self._run([windows[i] for i in batch]), strict=True))
        return [done[index] for index in range(len(windows))]

    @staticmethod
    def _bucket(window: Window) -> int:
        return next(bucket for bucket in BUCKETS if bucket >= window.length + 2)

    @torch.inference_mode()
    def _run(self, windows: list[Window]) -> list[Encoded]:
        length = self._bucket(windows[0])
        rows = max(len(windows), -(-LEAST // length))
        features = np.zeros((rows, 4, length), np.int64)
        mask = np.zeros((rows, length), bool)
        mask[:, 0] = True
        for row, window in enumerate(windows):
            features[row, :, 1 : 1 + window.length] = window.features
            features[row, 0, 0], features[row, 0, 1 + window.length] = CLS, SEP
            mask[row, : 2 + window.length] = True
        outputs = self.model(torch.from_numpy(features), torch.from_numpy(mask), torch.full((rows,), self._convention))
        tags, names, states = (output.float().numpy() for output in outputs)
        return [
            Encoded(*(output[row, 1 : 1 + window.length] for output in (tags, names, states)))
            for row, window in enumerate(windows)
        ]
