"""How one value of the environment is read: text in, value out, or ValueError that says what is wanted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LEAST_KEY = 16
"""Characters of the shortest API key taken: shorter ones can be guessed."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A caller's name, which is logged, and its key, which never is."""

    name: str
    key: str = field(repr=False)


def text(value: str) -> str:
    """Any text."""
    return value


def whole(value: str) -> int:
    """A whole number, 0 or more."""
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError("a whole number is wanted, for example 8")
    return int(value)


def seconds(value: str) -> float:
    """A duration in seconds, 0 or more."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
        raise ValueError("a number of seconds is wanted, for example 2.5")
    return float(value)


def path(value: str) -> Path:
    """A file or folder that exists."""
    found = Path(value)
    if not found.exists():
        raise ValueError("nothing is there; give the path of a file or folder that exists")
    return found


def words(value: str) -> tuple[str, ...]:
    """Words separated by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def paths(value: str) -> tuple[Path, ...]:
    """Files or folders that exist, separated by commas."""
    return tuple(path(part) for part in words(value))


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader that takes these words only."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)} is wanted")
        return value

    return read


def url(*schemes: str) -> Callable[[str], str]:
    """A reader of addresses with one of these schemes."""

    def read(value: str) -> str:
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ValueError(f"an address that starts with {wanted} is wanted")
        return value

    return read


def origins(value: str) -> tuple[str, ...]:
    """Origins of web pages, each scheme and host; a `*` is refused, as is a path."""
    found = words(value)
    for origin in found:
        if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", origin):
            raise ValueError(f"{origin!r} is no origin; give scheme and host, for example https://desk.example.org")
    return found


def rate(value: str) -> str:
    """A number of requests in a time."""
    if not re.fullmatch(r"[1-9][0-9]{0,6} ?/ ?(second|minute|hour|day)", value):
        raise ValueError("a number of requests in a time is wanted, for example 100/minute")
    return value


def keys(value: str) -> tuple[ApiKey, ...]:
    """API keys, `name=key` separated by commas or lines; `#` begins a comment line. One name may have several keys."""
    found = []
    lines = [line for line in value.splitlines() if not line.lstrip().startswith("#")]
    for number, entry in enumerate((entry for line in lines for entry in words(line)), 1):
        name, sign, key = (part.strip() for part in entry.partition("="))
        if not sign or not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name):
            raise ValueError(f"entry {number} is not of the form name=key, for example desk={'x' * LEAST_KEY}")
        if len(key) < LEAST_KEY or not re.fullmatch(r"[\x21-\x7e]+", key):
            raise ValueError(f"the key of {name} has {len(key)} characters; {LEAST_KEY} or more of printable ASCII are wanted")
        found.append(ApiKey(name, key))
    if not found:
        raise ValueError("no key is in it; give name=key")
    return tuple(found)


def keys_file(value: str) -> tuple[ApiKey, ...]:
    """API keys from a file, one `name=key` a line."""
    try:
        return keys(path(value).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the file cannot be read ({type(error).__name__}); give a text file this user may read") from error
