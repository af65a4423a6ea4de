"""Every setting of the service: one frozen dataclass, read once from the environment and checked at the start.

What is unknown, of the wrong type or contradicts itself is refused with a line that says how to mend it, because a
service that ignores a misspelt limit runs without that limit. `table` is the list that the README shows and that a test
compares.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from service import values
from service.cgroup import processors
from service.values import ApiKey

PREFIX = "QUOTES_"
RESERVED_THREADS = 8
"""Request threads kept free for probes, refusals and /metrics."""


class SettingsError(Exception):
    """The environment holds what the service will not start with; the message has one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Row:
    """How a field is read from text, what it means, and how its default is shown where that has no text of its own."""

    read: Callable[[str], Any]
    meaning: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service runs with. Durations are seconds; a field is `QUOTES_` and its name in capitals, save `PORT`."""

    port: Annotated[int, Row(values.whole, "TCP port to listen on; the one name without the prefix.")] = 8000
    host: Annotated[str, Row(values.text, "Address to listen on; `[::]` is IPv6 and IPv4.")] = "0.0.0.0"
    weights: Annotated[Path | None, Row(values.path, "Folder with the weights.", "those under `models/weights/`")] = None
    topic_files: Annotated[tuple[Path, ...], Row(values.paths, "More topic files (TOML), separated by commas.")] = ()
    precision: Annotated[str, Row(values.one_of("auto", "fp32", "bf16"), "Of the model: `auto` (the faster one here, timed at the start), `fp32` or `bf16`.")] = "auto"
    model_threads: Annotated[int, Row(values.whole, "Threads of torch; 0: as many as the container has processors.")] = 0
    threads: Annotated[int, Row(values.whole, "Request threads; 8 stay free for probes, the others hold one each.")] = 64
    queue_seconds: Annotated[float, Row(values.seconds, "Longest queue let in, in seconds of work; past it 503.")] = 10.0
    deadline_seconds: Annotated[float, Row(values.seconds, "Longest time of one request; past it 504. At least 2 x queue + 5.")] = 30.0
    batch_seconds: Annotated[float, Row(values.seconds, "Length of one batch that is aimed at.")] = 0.25
    hang_seconds: Annotated[float, Row(values.seconds, "A batch longer than this makes `/livez` fail. At least 10 x batch.")] = 8.0
    receive_seconds: Annotated[float, Row(values.seconds, "Time to send a whole request; past it 408.")] = 10.0
    drain_seconds: Annotated[float, Row(values.seconds, "After SIGTERM, `/readyz` says 503 this long before the door closes.")] = 2.0
    api_keys: Annotated[tuple[ApiKey, ...], Row(values.keys, "API keys, `name=key`, separated by commas; none: open to all.")] = ()
    api_keys_file: Annotated[tuple[ApiKey, ...], Row(values.keys_file, "A file with the same, one `name=key` a line.")] = ()
    rate_limit: Annotated[str, Row(values.rate, "Requests that one client may send, for example `100/minute`.")] = ""
    rate_limit_storage: Annotated[
        str,
        Row(
            values.url("memory", "redis", "rediss"),
            "Where they are counted; `redis://…` for several replicas.",
            "`memory://`",
        ),
    ] = ""
    trusted_proxies: Annotated[int, Row(values.whole, "Proxies in front whose `X-Forwarded-For` is believed.")] = 0
    cors_origins: Annotated[tuple[str, ...], Row(values.origins, "Origins whose pages may call, separated by commas.")] = ()
    otlp_endpoint: Annotated[str, Row(values.url("http", "https"), "OpenTelemetry collector for traces (OTLP over HTTP).")] = ""
    log_level: Annotated[str, Row(values.one_of("debug", "info", "warning", "error"), "`debug`, `info`, `warning` or `error`.")] = "info"

    def __post_init__(self) -> None:
        mistakes = self._contradictions()
        if mistakes:
            raise SettingsError("\n".join(mistakes))

    def _contradictions(self) -> list[str]:
        queue, deadline, batch, hang = self.queue_seconds, self.deadline_seconds, self.batch_seconds, self.hang_seconds
        least_threads, least_deadline, least_hang = 2 * RESERVED_THREADS, 2 * queue + 5, 10 * batch
        checks = [
            (1 <= self.port <= 65535, f"PORT={self.port}: a port is 1 to 65535; set PORT=8000"),
            (
                self.threads >= least_threads,
                f"QUOTES_THREADS={self.threads}: {RESERVED_THREADS} threads stay free for probes; "
                f"set QUOTES_THREADS={least_threads} or more",
            ),
            (
                0.01 <= batch <= 5,
                f"QUOTES_BATCH_SECONDS={batch:g}: 0.01 to 5 is wanted; set QUOTES_BATCH_SECONDS=0.25",
            ),
            (queue > 0, "QUOTES_QUEUE_SECONDS=0 would let nobody in; set QUOTES_QUEUE_SECONDS=10"),
            (self.receive_seconds > 0, "QUOTES_RECEIVE_SECONDS=0 leaves no time; set QUOTES_RECEIVE_SECONDS=10"),
            (
                hang >= least_hang,
                f"QUOTES_HANG_SECONDS={hang:g} is too near to QUOTES_BATCH_SECONDS={batch:g}, a slow batch would count "
                f"as a hang; set QUOTES_HANG_SECONDS={least_hang:g} or more",
            ),
            (
                deadline >= least_deadline,
                f"QUOTES_DEADLINE_SECONDS={deadline:g} is shorter than the queue that QUOTES_QUEUE_SECONDS={queue:g} "
                f"lets in, load would give 504 instead of 503; set QUOTES_DEADLINE_SECONDS={least_deadline:g} or more",
            ),
            (
                not (self.api_keys and self.api_keys_file),
                "QUOTES_API_KEYS and QUOTES_API_KEYS_FILE are both set; remove one of them",
            ),
            (
                self.rate_limit or not self.rate_limit_storage,
                "QUOTES_RATE_LIMIT_STORAGE is set but no rate is; set QUOTES_RATE_LIMIT=100/minute, or remove it",
            ),
        ]
        return [mistake for holds, mistake in checks if not holds]

    @property
    def most_requests(self) -> int:
        """Requests that may wait or run at once."""
        return self.threads - RESERVED_THREADS

    @property
    def torch_threads(self) -> int:
        """Threads for torch: as set, or the whole processors that the container is allowed."""
        return self.model_threads or processors()

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """The API keys in force; without any the service is open."""
        return self.api_keys or self.api_keys_file

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check the settings; an empty value counts as not set.

        Raises SettingsError with one line for each mistake, all of them at once.
        """
        known = {variable(name): (name, row) for name, row in _rows().items()}
        given, mistakes = {}, []
        for name in sorted(environment):
            value = environment[name].strip()
            if name in known and value:
                try:
                    field, row = known[name]
                    given[field] = row.read(value)
                except ValueError as error:
                    # keys, and the passwords in addresses, do not belong in a log
                    secret = any(word in name for word in ("KEYS", "STORAGE", "ENDPOINT"))
                    mistakes.append(f"{name}{'' if secret else '=' + value}: {error}")
            elif name not in known and name.startswith(PREFIX):
                mistakes.append(f"{name} is not a setting; {_nearest(name, list(known))}")
        if mistakes:
            raise SettingsError("\n".join(mistakes))
        return cls(**given)


def variable(name: str) -> str:
    """The environment variable of a field."""
    return "PORT" if name == "port" else PREFIX + name.upper()


def _nearest(name: str, known: list[str]) -> str:
    if name == "QUOTES_PORT" or name.startswith(("QUOTES_SERVICE_", "QUOTES_PORT_")):
        return "Kubernetes made it from a Service named quotes; set enableServiceLinks: false in the pod's spec"
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"did you mean {near[0]}? Otherwise remove it" if near else f"remove it (known: {', '.join(sorted(known))})"


def _rows() -> dict[str, Row]:
    """The fields in order, each with its row."""
    hints = get_type_hints(Settings, include_extras=True)
    return {spec.name: hints[spec.name].__metadata__[0] for spec in fields(Settings)}


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable, its default as text (empty: not set), and what it means."""

    variable: str
    default: str
    meaning: str


def table() -> list[Setting]:
    """Every setting, in the order of the fields."""
    found = []
    for spec, row in zip(fields(Settings), _rows().values(), strict=True):
        default = f"{spec.default:g}" if isinstance(spec.default, float) else str(spec.default or "")
        default = "0" if spec.default == 0 else default
        found.append(Setting(variable(spec.name), row.shown or ("" if spec.default == () else default), row.meaning))
    return found


def markdown() -> str:
    """The table of settings as the README shows it; `python -m service.settings` prints it."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for row in table():
        default = "not set" if not row.default else row.default if "`" in row.default else f"`{row.default}`"
        rows.append(f"| `{row.variable}` | {default} | {row.meaning} |")
    return "\n".join(rows)
