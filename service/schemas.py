"""The shapes of request and answers, which are also the components of openapi.yaml, in the order they are read.

The request is checked by its schema. Answers are built by `answers.py` and only described here: marshmallow would take
longer to dump a long article's spans than the model takes to find them; a test holds the two equal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, validate, validates_schema

from service.fields import MAX_TEXT, Probability, Switch, Text, Topics

NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
"""What `Text` wants, for the contract alone: at least one sign that is not a space, and no NUL."""

KINDS = ("person", "organization", "group", "document", "anonymous", "author", "unknown")


def request_schema(topics: Sequence[str]) -> Schema:
    """The request of `POST /attribute`, for the topics this model knows."""

    class Request(Schema):
        """What is asked of a text."""

        class Meta:
            """An unknown field is refused: it may be a misspelt one."""

            unknown = RAISE

        text = Text(
            required=True,
            validate=validate.Length(1, MAX_TEXT),
            error_messages={
                "required": "the field is missing; send the article",
                "null": "null came; send the article",
            },
            metadata={
                "description": "The article, exactly as the caller has it. Not blank; no NUL, no lone surrogate.",
                "pattern": NOT_BLANK,
                "example": "“We will pay,” said Marta Hale of the budget.",
            },
        )
        topics_ = Topics(
            topics,
            data_key="topics",
            load_default=lambda: list(topics),
            error_messages={"null": f"null came; send an array of some of {', '.join(topics)}, or leave it out"},
            metadata={"description": "Keep attributions about at least one of these.", "default": list(topics)},
        )
        off_topic = Switch(
            load_default=False,
            error_messages={"null": "null came; send true or false, or leave it out"},
            metadata={"description": "Also keep attributions about none of the topics (`topics: []`)."},
        )
        min_confidence = Probability(
            load_default=0.0,
            validate=validate.Range(0, 1),
            error_messages={"null": "null came; send a number from 0 to 1, or leave it out"},
            metadata={"description": "Drop attributions below this probability."},
        )

        @validates_schema
        def _some_topic(self, data: Mapping[str, Any], **_: Any) -> None:
            if data.get("topics_") == [] and not data.get("off_topic", False):
                raise ValidationError("no topic at all is asked for; name one, leave the field out, or set off_topic to true", "topics")

    return Request()


class Open(Schema):
    """A part of an answer. New members may come in later versions, so readers must not refuse them."""

    class Meta:
        """New members are let pass."""

        unknown = INCLUDE


def _offset(description: str) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(0), metadata={"description": description})


def _confidence(description: str) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(0, 1), metadata={"description": description})


class Span(Open):
    """Characters `[start, end)` of the text; the offsets count Unicode code points."""

    start = _offset("First code point.")
    end = _offset("One past the last code point.")
    text = fields.String(required=True, metadata={"description": "`text[start:end]` of the text as sent."})


class Quote(Open):
    """What was said."""

    text = fields.String(required=True, metadata={"description": "The spans' words, joined by a space."})
    spans = fields.List(fields.Nested(Span), required=True, validate=validate.Length(1), metadata={"description": "In reading order."})
    type = fields.String(required=True, validate=validate.OneOf(("direct", "indirect", "mixed")))


class Alternative(Open):
    """Another name the speaker may have."""

    name = fields.String(required=True)
    confidence = _confidence("Probability of this name.")


class Speaker(Open):
    """Who said it; `id` is the same for one speaker over the whole answer."""

    id = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "The fullest form that the text gives."})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    role = fields.String(required=True, allow_none=True)
    affiliation = fields.String(required=True, allow_none=True)
    on_behalf_of = fields.String(required=True, allow_none=True, metadata={"description": "A spokesperson's principal."})
    confidence = _confidence("Probability of this name.")
    chain = fields.List(fields.Nested(Span), required=True, metadata={"description": "From the source to the name."})
    alternatives = fields.List(fields.Nested(Alternative), required=True)


class Topic(Open):
    """A topic that the quote is about."""

    topic = fields.String(required=True)
    confidence = _confidence("Probability of this topic.")
    evidence = fields.List(
        fields.Nested(Span),
        required=True,
        validate=validate.Length(1, 5),
        metadata={"description": "The spans that carry it."},
    )


class Attribution(Open):
    """One record: who said what about what."""

    id = fields.String(required=True)
    quote = fields.Nested(Quote, required=True)
    cue = fields.Nested(Span, required=True, allow_none=True, metadata={"description": "The word that reports it."})
    source = fields.Nested(Span, required=True, allow_none=True, metadata={"description": "Who says it, as written there."})
    speaker = fields.Nested(Speaker, required=True, allow_none=True, metadata={"description": "Who that is; null where nothing tells."})
    topics = fields.List(fields.Nested(Topic), required=True)
    negated = fields.Boolean(required=True, metadata={"description": "The source denies, rejects or disputes it."})
    confidence = _confidence("Calibrated probability of the whole record.")


class Model(Open):
    """Which model answered."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    sha256 = fields.String(required=True, metadata={"description": "Of its weights."})


class Answer(Open):
    """Who said what about what, in reading order."""

    attributions = fields.List(fields.Nested(Attribution), required=True)
    model = fields.Nested(Model, required=True)
    offset_unit = fields.String(required=True, validate=validate.Equal("unicode_code_point"))
    text_sha256 = fields.String(required=True, metadata={"description": "Of the text as sent, in UTF-8."})
    warnings = fields.List(fields.String(), required=True, metadata={"description": "What a reader should know."})


class Card(Open):
    """The model card."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    sha256 = fields.String(required=True)
    labels = fields.List(fields.String(), required=True)
    topics = fields.List(fields.String(), required=True)
    topic_methods = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    precision = fields.String(required=True)
    limits = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    scores = fields.Dict(required=True, metadata={"description": "Measured on the development sets."})


class Check(Open):
    """A probe's answer."""

    status = fields.String(required=True, validate=validate.Equal("ok"))


class Health(Open):
    """Health in one look."""

    status = fields.String(required=True, validate=validate.OneOf(("ok", "failing")))
    checks = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    version = fields.String(required=True, metadata={"description": "Of the service."})
    model = fields.Nested(Model, required=True)


class FieldError(Open):
    """What is wrong with one field."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer (RFC 6901) into the body."})
    detail = fields.String(required=True)


class Problem(Open):
    """An error (RFC 9457)."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What came, what was wanted, what to do."})
    request_id = fields.String(required=True, metadata={"description": "The same as the header `X-Request-ID`."})
    errors = fields.List(fields.Nested(FieldError), metadata={"description": "For wrong fields."})
