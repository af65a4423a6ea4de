"""The fields of a request: strict where marshmallow's own are lenient, with words that say what came and what is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

MAX_TEXT = 100_000
"""Unicode code points of the longest text taken."""


def _name(value: object) -> str:
    """What came, in the words of JSON."""
    if value is None:
        return "null"
    names = {
        bool: "a boolean",
        str: "a string",
        int: "a number",
        float: "a number",
        list: "an array",
        dict: "an object",
    }
    return names.get(type(value), "something else")


class Text(fields.String):
    """A text of 1 to 100,000 code points that is not blank and holds no NUL and no lone surrogate."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"{_name(value)} came; send the article as a string")
        if len(value) > MAX_TEXT:
            raise ValidationError(f"the text has {len(value):,} characters; at most {MAX_TEXT:,} are taken, send it in parts")
        if not value.strip():
            raise ValidationError("the text is empty or blank; send the article")
        if (at := value.find("\0")) >= 0:
            raise ValidationError(f"a NUL (U+0000) stands at offset {at}; remove it")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            unit = ord(value[error.start])
            raise ValidationError(f"a lone surrogate (U+{unit:04X}) stands at offset {error.start}; send whole characters") from None
        return value


class Topics(fields.List[str]):
    """A list of known topics; one given twice counts once."""

    def __init__(self, known: Sequence[str], **kwargs: Any) -> None:
        super().__init__(fields.String(validate=validate.OneOf(known)), **kwargs)
        self.known = tuple(known)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        wanted = f"an array of some of {', '.join(self.known)}"
        if not isinstance(value, list):
            raise ValidationError(f"{_name(value)} came; send {wanted}")
        wrong: dict[int, list[str]] = {}
        for index, topic in enumerate(value):
            if not isinstance(topic, str):
                wrong[index] = [f"{_name(topic)} came; send {wanted}"]
            elif topic not in self.known:
                wrong[index] = [f"this topic is not known; send {wanted}"]
        if wrong:
            raise ValidationError(dict(list(wrong.items())[:20]))
        return list(value)


class Switch(fields.Boolean):
    """true or false; marshmallow's own field would take "yes" and 1 as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"{_name(value)} came; send true or false")
        return value


class Probability(fields.Float):
    """A finite number 0..1; marshmallow's own field would take "0.5" and true as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(f"{_name(value)} came; send a number from 0 to 1")
        if not 0 <= value <= 1:  # false for NaN too; a whole number of any size can be compared, but not made a float
            raise ValidationError("the number is not from 0 to 1; send one that is, for example 0.5")
        return float(value)
