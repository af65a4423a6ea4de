"""The labels and sizes of all heads, in one place: what the network builds, the weights hold and numpy reads."""

from dataclasses import dataclass

ROLES = ("source", "cue", "content")
# Whose law of what counts and where spans end the network is asked to follow: PolNeAR's, or that of the service's contract.
CONVENTIONS = ("polnear", "contract")
NAMES = ("person", "organization", "place", "unnamed")


def _bioes(roles: tuple[str, ...]) -> tuple[str, ...]:
    return ("O", *(f"{position}-{role}" for role in roles for position in "BIES"))


TAG_LABELS = _bioes(ROLES)
NAME_LABELS = _bioes(NAMES)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A pair scorer: sizes of its layers and of its feature tables."""

    features: tuple[int, ...]
    size: int = 96
    inner: int = 64


@dataclass(frozen=True, slots=True)
class Classifier:
    """A span classifier: how many spans it joins, its labels and its inner size."""

    spans: int
    labels: tuple[str, ...]
    inner: int = 96


# Tables of models.links.features and models.coreference.features, in their order.
LINK_FEATURES = (7, 9, 21, 11, 4, 6)
COREFERENCE_FEATURES = (13, 9, 27, 9, 10, 55, 8, 4, 2, 3, 6, 6, 13, 343, 4, 63, 49)

# Tables of models.coreference.speaker_features: those of a link, the class of the mention, how often its name stands in the
# text, whether the tags call it a source, and which of the two quotes before was its.
SPEAKER_FEATURES = (*LINK_FEATURES, 5, 4, 2, 3)

PAIRS = {
    "source": Pairing(LINK_FEATURES),
    "cue": Pairing(LINK_FEATURES),
    "join": Pairing(LINK_FEATURES, size=64, inner=32),
    "antecedent": Pairing(COREFERENCE_FEATURES, size=128),
    "speaker": Pairing(SPEAKER_FEATURES),
}
KINDS = ("person", "organization", "group", "document", "anonymous", "author", "unknown")
CLASSIFIERS = {
    "kind": Classifier(1, KINDS),
    "served": Classifier(3, ("served",)),
    "negated": Classifier(3, ("negated",)),
}
LEARNED_TOPICS = ("russia", "ukraine", "spending")
TERMS = 3  # what a piece is to a topic: none of its words, a weak one, a strong one
# Where a piece stands, seen from a record (models.topics.places).
PLACES = ("earlier", "later", "paragraph", "paragraph before", "heading", "sentence before", "sentence after", "sentence", "speaker",
          "source", "cue", "content")
