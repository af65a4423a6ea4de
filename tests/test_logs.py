"""Log lines: JSON, with the request's id, and never a word of the text."""

import json
import logging
import logging.config
import sys
import warnings
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import logs
from tests.conftest import Make
from tests.double import Double

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
SECRET = "“Zanzibar must pay,” said Marta Hale"


class Lines(logging.Handler):
    """Keeps what the formatter makes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JsonFormatter())
        self.lines: list[dict[str, Any]] = []
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        assert "\n" not in line
        self.raw.append(line)
        self.lines.append(json.loads(line))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    handler = Lines()
    logger = logging.getLogger()
    service_logger = logging.getLogger("service")
    logger.addHandler(handler)
    monkeypatch.setattr(service_logger, "level", logging.DEBUG)
    service_logger.manager._clear_cache()  # type: ignore[attr-defined]  # levels are cached
    yield handler
    logger.removeHandler(handler)
    service_logger.manager._clear_cache()  # type: ignore[attr-defined]


def test_a_request_is_one_line_of_numbers(client: FlaskClient, lines: Lines) -> None:
    answer = client.post("/attribute", json={"text": SECRET}, headers={"X-Request-ID": "desk-7", "traceparent": PARENT})
    assert answer.headers["X-Request-ID"] == "desk-7"
    (line,) = [line for line in lines.lines if line["message"] == "request"]
    assert line["request_id"] == "desk-7"
    assert line["trace_id"] == TRACE
    assert (line["method"], line["route"], line["status"]) == ("POST", "/attribute", 200)
    assert (line["characters"], line["windows"], line["attributions"]) == (len(SECRET), 1, 1)
    assert {"time", "level", "logger", "seconds", "read_seconds", "queue_seconds", "model_seconds"} <= set(line)
    assert not any("Zanzibar" in raw for raw in lines.raw)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/health", "/metrics"])
def test_probes_are_not_logged(client: FlaskClient, lines: Lines, path: str) -> None:
    client.get(path)
    assert not lines.lines


@pytest.mark.parametrize("given", ["", "with space", "a" * 129, "new\nline", '"', "Ünï"])
def test_an_odd_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/livez", environ_overrides={"HTTP_X_REQUEST_ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize("parent", ["", "00-0-0-00", f"00-{'0' * 32}-b7ad6b7169203331-01", PARENT.upper()])
def test_an_odd_trace_is_left_out(client: FlaskClient, lines: Lines, parent: str) -> None:
    client.get("/model", headers={"traceparent": parent})
    assert "trace_id" not in lines.lines[0]


def test_no_word_of_the_text_in_tracebacks(make: Make, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def quoting(windows: Any) -> None:
        if any("Zanzibar" in window.text for window in windows):
            raise RuntimeError(" ".join(window.text for window in windows))

    double = Double(before=quoting)
    client = make(double).test_client()
    assert client.post("/attribute", json={"text": SECRET}).status_code == 500
    double.before = lambda windows: None

    def assemble(document: Any, encoded: Any) -> None:
        raise ValueError(document.text) from KeyError(document.text)

    monkeypatch.setattr(double, "assemble", assemble)
    assert client.post("/attribute", json={"text": SECRET}).status_code == 500
    assert client.post("/attribute", data=f'{{"text": "{SECRET}'.encode(), content_type="application/json").status_code == 400
    assert client.get("/Zanzibar").status_code == 404
    failed = [line for line in lines.lines if "exception" in line]
    assert {line["exception"][0] for line in failed} == {"builtins.RuntimeError", "builtins.ValueError"}
    assert any("test_logs.py" in place and "assemble" in place for line in failed for place in line["exception"])
    assert not any("Zanzibar" in raw or "Hale" in raw for raw in lines.raw)


def test_the_configuration_can_be_set_up_and_keeps_libraries_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    try:
        logs.install("debug")
        logging.getLogger("service").debug("seen")
        logging.getLogger("httpx").info("not seen")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("told", stacklevel=1)
        logs._uncaught(ValueError, ValueError("secret"), None)
        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["logger"] for line in told] == ["service", "py.warnings", "service"]
        assert "secret" not in json.dumps(told)
    finally:
        logging.captureWarnings(False)
        sys.excepthook = hook
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in ("service", "gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).propagate = True
