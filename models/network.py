"""The transformer and its heads: windows of pieces in, scores and states out.

The encoder is a BERT whose word embedding is joined by embeddings of what an uncased WordPiece drops: case, layout
(spaces, line breaks, blank lines) and the state of quotation marks. On its states stand

- `tags`: BIOES scores of source, cue and content, decoded with a linear-chain CRF (+2.1 points of exact content in
  CofeNet, COLING 2022), and
- `names`: BIOES scores of person, organization and place names and of unnamed persons and bodies, and
- pair scorers (`models.scoring`): content -> source, content -> cue, content -> content, mention -> antecedent, and
- span classifiers: kind of a source, whether a content is served, negated, and
- `relevance`: which topics a content is about, read off the pieces around it.

One more embedding, the same at every piece of a text, says whose convention to follow (a treebank embedding, Stymne et al.,
ACL 2018): PolNeAR and the texts labelled by the contract differ in what counts, and one network serves both.
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, PreTrainedConfig, PreTrainedModel

from models.labels import CLASSIFIERS, CONVENTIONS, LEARNED_TOPICS, NAME_LABELS, PAIRS, PLACES, TAG_LABELS, TERMS, Classifier, Pairing
from models.marks import STATES
from models.windows import CASES, LAYOUTS


class QuoteConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Sizes of the encoder (`bert`, a BertConfig as a dict) and the names of all labels, checked against the code at load."""

    model_type = "quote-attribution"

    def __init__(self, bert: dict[str, Any] | None = None, tag_labels: list[str] | None = None,
                 name_labels: list[str] | None = None, topics: list[str] | None = None, **other: Any) -> None:
        self.bert = bert or {}
        self.tag_labels = tag_labels or list(TAG_LABELS)
        self.name_labels = name_labels or list(NAME_LABELS)
        self.topics = topics or list(LEARNED_TOPICS)
        super().__init__(**other)


def gelu(x: Tensor) -> Tensor:
    """As `models.scoring` has it: the heads' gelu goes by the hyperbolic tangent, the encoder's by the error function."""
    return nn.functional.gelu(x, approximate="tanh")


class Ends(nn.Module):
    """A span as one vector: gelu(first state, last state and mean state through one linear map); [spans, size]."""

    def __init__(self, hidden: int, size: int) -> None:
        super().__init__()
        self.map = nn.Linear(3 * hidden, size)

    def forward(self, spans: Tensor) -> Tensor:
        """`spans` is [spans, 3 * hidden]: first, last, mean."""
        return gelu(self.map(spans))


class PairScorer(nn.Module):
    """Scores of every query span with every key span, and of the query with nothing (column 0); [queries, 1 + keys].

    A two-layer network over both vectors, their product and tables of small integer features; written so that the
    part a pair needs is one product of matrices.
    """

    def __init__(self, hidden: int, pairing: Pairing) -> None:
        super().__init__()
        size, inner = pairing.size, pairing.inner
        self.query, self.key = Ends(hidden, size), Ends(hidden, size)
        self.from_query, self.from_key = nn.Linear(size, inner), nn.Linear(size, inner, bias=False)
        self.from_both = nn.Linear(size, inner, bias=False)
        self.nothing = nn.Linear(size, inner)
        self.features = nn.Embedding(sum(pairing.features), inner)
        self.out = nn.Linear(inner, 1)
        # Not a buffer: `from_pretrained` leaves buffers that no file holds uninitialised.
        self.offsets = [sum(pairing.features[:index]) for index in range(len(pairing.features))]
        nn.init.normal_(self.features.weight, std=0.02)

    def forward(self, queries: Tensor, keys: Tensor, features: Tensor) -> Tensor:
        """`features` is [queries, keys, tables], integers."""
        query, key = self.query(queries), self.key(keys)
        both = self.from_both(query[:, None] * key[None])
        both = both + self.from_query(query)[:, None] + self.from_key(key)[None]
        both = both + self.features(features + features.new_tensor(self.offsets)).sum(2)
        nothing = self.out(gelu(self.nothing(query)))
        return torch.cat([nothing, self.out(gelu(both)).squeeze(2)], 1)


class SpanClassifier(nn.Module):
    """Scores of one or more joined span vectors; [spans, labels]."""

    def __init__(self, hidden: int, classifier: Classifier) -> None:
        super().__init__()
        self.inner = nn.Linear(3 * hidden * classifier.spans, classifier.inner)
        self.out = nn.Linear(classifier.inner, len(classifier.labels))

    def forward(self, spans: Tensor) -> Tensor:
        """`spans` is [records, classifier.spans * 3 * hidden]; a missing span is zeros."""
        made: Tensor = self.out(gelu(self.inner(spans)))
        return made


class Relevance(nn.Module):
    """Whether a record is about each topic, and which pieces around it say so.

    A query a record and topic attends to the pieces in reach, each known by its state, its place seen from the record and
    what the topic's word list says of it; what it finds, with the record's own vectors, decides. All layers are shared by
    the topics, which differ by one vector each, so that "they" means Russia by the same road as it means Ukraine.
    """

    def __init__(self, hidden: int, topics: int, size: int = 64) -> None:
        super().__init__()
        self.size = size
        self.content, self.source = Ends(hidden, size), Ends(hidden, size)
        self.topic = nn.Embedding(topics, size)
        self.query = nn.Linear(2 * size, size)
        self.key, self.value = nn.Linear(hidden, size), nn.Linear(hidden, size)
        self.places = nn.Embedding(len(PLACES), size)
        self.own, self.other = nn.Embedding(TERMS, size), nn.Embedding(TERMS, size)
        self.nowhere = nn.Linear(size, 1)
        self.inner = nn.Linear(4 * size + 2 * len(PLACES) * TERMS, size)
        self.out = nn.Linear(size, 1)
        for table in (self.topic, self.places, self.own, self.other):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, states: Tensor, contents: Tensor, sources: Tensor, places: Tensor, own: Tensor, other: Tensor,
                drop: nn.Module | None = None) -> tuple[Tensor, Tensor]:
        """`states` [pieces, hidden]; `contents`, `sources` [records, 3 * hidden]; `places` [records, pieces], -1 out of reach;
        `own`, `other` [topics, pieces], what the topic's and the other topics' words say. Logits [records, topics] and
        log attention [records, topics, 1 + pieces], whose column 0 is "nowhere"."""
        drop = drop or nn.Identity()
        content, source = drop(self.content(contents)), drop(self.source(sources))
        query = self.query(torch.cat([content, source], 1))[:, None] + self.topic.weight[None]  # [records, topics, size]
        scores = query @ self.key(states).T
        at = places.clamp(min=0)[:, None].expand(-1, query.shape[1], -1)
        scores = scores + (query @ self.places.weight.T).gather(2, at)
        for table, flags in ((self.own, own), (self.other, other)):
            scores = scores + (query @ table.weight.T).gather(2, flags[None].expand(len(query), -1, -1))
        scores = (scores / self.size**0.5).masked_fill(places[:, None] < 0, -1e4)
        log = torch.log_softmax(torch.cat([self.nowhere(query), scores], 2), 2)
        pooled = drop(log[:, :, 1:].exp() @ self.value(states))
        inside = nn.functional.one_hot(places.clamp(min=0), len(PLACES)).float() * (places >= 0)[:, :, None]
        present = [
            (inside.transpose(1, 2)[:, None] @ nn.functional.one_hot(flags, TERMS).float()[None]).clamp(max=1).flatten(2)
            for flags in (own, other)
        ]
        shape = (len(query), query.shape[1], self.size)
        joined = torch.cat([content[:, None].expand(shape), source[:, None].expand(shape), pooled, self.topic.weight[None].expand(shape), *present], 2)
        return self.out(gelu(self.inner(joined))).squeeze(2), log


class Embeddings(nn.Module):
    """The word embedding plus what the tokenizer dropped; [batch, pieces, hidden]."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.case = nn.Embedding(CASES, config.hidden_size)
        self.layout = nn.Embedding(LAYOUTS, config.hidden_size)
        self.marks = nn.Embedding(STATES, config.hidden_size)
        self.convention = nn.Embedding(len(CONVENTIONS), config.hidden_size)
        nn.init.zeros_(self.convention.weight)
        for table in (self.case, self.layout, self.marks):
            nn.init.normal_(table.weight, std=0.01)

    def forward(self, case: Tensor, layout: Tensor, marks: Tensor, convention: Tensor) -> Tensor:
        """Three integer tensors [batch, pieces] and one [batch]."""
        made: Tensor = self.case(case) + self.layout(layout) + self.marks(marks) + self.convention(convention)[:, None]
        return made


class QuoteModel(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Encoder and heads. `forward` gives (tag scores, name scores, states), each [batch, pieces, …]."""

    config_class = QuoteConfig
    base_model_prefix = "quotes"

    def __init__(self, config: QuoteConfig) -> None:
        super().__init__(config)
        bert = BertConfig(**config.bert)
        self.encoder = BertModel(bert, add_pooling_layer=False)
        self.extra = Embeddings(bert)
        self.tags = nn.Linear(bert.hidden_size, len(config.tag_labels))
        self.transitions = nn.Parameter(torch.zeros(len(config.tag_labels), len(config.tag_labels)))
        self.names = nn.Linear(bert.hidden_size, len(config.name_labels))
        self.pairs = nn.ModuleDict({name: PairScorer(bert.hidden_size, pairing) for name, pairing in PAIRS.items()})
        self.classifiers = nn.ModuleDict(
            {name: SpanClassifier(bert.hidden_size, made) for name, made in CLASSIFIERS.items()}
        )
        self.relevance = Relevance(bert.hidden_size, len(config.topics))
        self.dropout = nn.Dropout(bert.hidden_dropout_prob)
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        """Keep what each module chose for itself; the encoder is overwritten by trained weights."""

    def forward(self, features: Tensor, mask: Tensor | None, convention: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`features` [batch, 4, pieces] (ids, case, layout, marks, with [CLS] and [SEP] in place), `mask` [batch, pieces],
        `convention` [batch], numbers of CONVENTIONS."""
        ids, case, layout, marks = features.unbind(1)
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.extra(case, layout, marks, convention)
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        dropped = self.dropout(states)
        return self.tags(dropped), self.names(dropped), states
