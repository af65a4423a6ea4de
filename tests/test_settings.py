"""The environment: what is read, what is refused and with which words."""

import dataclasses
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, markdown, table, variable
from service.values import ApiKey


def mistakes(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environment)
    return str(refused.value).splitlines()


def test_nothing_set_is_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"PORT": "", "QUOTES_THREADS": " ", "PATH": "/bin"}) == Settings()


def test_values_are_read(tmp_path: Path) -> None:
    (tmp_path / "energy.toml").touch()
    read = Settings.from_environment(
        {
            "PORT": "9000",
            "QUOTES_DEADLINE_SECONDS": "40.5",
            "QUOTES_TOPIC_FILES": f"{tmp_path}/energy.toml, {tmp_path}/energy.toml",
            "QUOTES_CORS_ORIGINS": "https://a.example, http://localhost:3000",
            "QUOTES_API_KEYS": "desk=0123456789abcdef,desk=fedcba9876543210",
            "QUOTES_RATE_LIMIT": "100/minute",
            "QUOTES_RATE_LIMIT_STORAGE": "redis://cache:6379",
        }
    )
    assert (read.port, read.deadline_seconds) == (9000, 40.5)
    assert read.topic_files == (tmp_path / "energy.toml",) * 2
    assert read.cors_origins == ("https://a.example", "http://localhost:3000")
    assert read.keys == (ApiKey("desk", "0123456789abcdef"), ApiKey("desk", "fedcba9876543210"))


def test_keys_are_read_from_a_file_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# rotated in May\nold=0123456789abcdef\n\nnew=0123456789abcdeg\n")
    read = Settings.from_environment({"QUOTES_API_KEYS_FILE": str(file)})
    assert [key.name for key in read.keys] == ["old", "new"]
    assert "0123456789" not in repr(read)


def test_a_misspelt_name_is_refused_with_the_right_one() -> None:
    assert mistakes(QUOTES_DEADLIN_SECONDS="3") == [
        "QUOTES_DEADLIN_SECONDS is not a setting; did you mean QUOTES_DEADLINE_SECONDS? Otherwise remove it"
    ]
    assert "enableServiceLinks: false" in mistakes(QUOTES_PORT="tcp://10.0.0.1:80")[0]
    assert mistakes(QUOTES_ZZZZZZZZZZ="1")[0].startswith("QUOTES_ZZZZZZZZZZ is not a setting; remove it (known: PORT, QUOTES_API_KEYS,")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "http", "a whole number is wanted"),
        ("PORT", "0", "a port is 1 to 65535"),
        ("QUOTES_THREADS", "6.5", "a whole number is wanted"),
        ("QUOTES_THREADS", "15", "set QUOTES_THREADS=16 or more"),
        ("QUOTES_QUEUE_SECONDS", "-1", "a number of seconds is wanted"),
        ("QUOTES_QUEUE_SECONDS", "nan", "a number of seconds is wanted"),
        ("QUOTES_QUEUE_SECONDS", "0", "set QUOTES_QUEUE_SECONDS=10"),
        ("QUOTES_QUEUE_SECONDS", "20", "set QUOTES_DEADLINE_SECONDS=45 or more"),
        ("QUOTES_DEADLINE_SECONDS", "24", "set QUOTES_DEADLINE_SECONDS=25 or more"),
        ("QUOTES_BATCH_SECONDS", "0", "set QUOTES_BATCH_SECONDS=0.25"),
        ("QUOTES_HANG_SECONDS", "2", "set QUOTES_HANG_SECONDS=2.5 or more"),
        ("QUOTES_RECEIVE_SECONDS", "0", "set QUOTES_RECEIVE_SECONDS=10"),
        ("QUOTES_PRECISION", "fp8", "one of auto, fp32, bf16 is wanted"),
        ("QUOTES_WEIGHTS", "/nowhere", "nothing is there"),
        ("QUOTES_API_KEYS", "justakey", "entry 1 is not of the form name=key"),
        ("QUOTES_API_KEYS", "desk=short", "16 or more of printable ASCII are wanted"),
        ("QUOTES_API_KEYS", ",", "no key is in it"),
        ("QUOTES_API_KEYS_FILE", "/proc/self/mem", "the file cannot be read"),
        ("QUOTES_RATE_LIMIT", "many", "for example 100/minute"),
        ("QUOTES_RATE_LIMIT_STORAGE", "redis://x", "set QUOTES_RATE_LIMIT=100/minute, or remove it"),
        ("QUOTES_RATE_LIMIT_STORAGE", "mysql://x", "an address that starts with memory:// or redis://"),
        ("QUOTES_CORS_ORIGINS", "*", "give scheme and host"),
        ("QUOTES_CORS_ORIGINS", "https://a.example/path", "give scheme and host"),
        ("QUOTES_OTLP_ENDPOINT", "collector:4318", "an address that starts with http://"),
        ("QUOTES_LOG_LEVEL", "loud", "one of debug, info, warning, error is wanted"),
    ],
)
def test_a_wrong_value_is_refused_with_the_line_that_mends_it(name: str, value: str, wanted: str) -> None:
    (line,) = mistakes(**{name: value})
    assert name in line
    assert wanted in line


def test_all_mistakes_are_told_at_once_and_no_secret() -> None:
    lines = mistakes(QUOTES_API_KEYS="desk=secret", QUOTES_THREADS="x", QUOTES_Y="1")
    assert len(lines) == 3
    assert not any("secret" in line for line in lines)


def test_keys_in_two_places_contradict_each_other(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("a=0123456789abcdef")
    (line,) = mistakes(QUOTES_API_KEYS="b=0123456789abcdef", QUOTES_API_KEYS_FILE=str(file))
    assert "remove one of them" in line


def test_the_table_has_every_setting_with_its_default() -> None:
    rows = table()
    assert [row.variable for row in rows] == [variable(spec.name) for spec in dataclasses.fields(Settings)]
    assert all(row.meaning.endswith(".") for row in rows)
    for row in rows:
        if row.default and " " not in row.default and "`" not in row.default:
            assert Settings.from_environment({row.variable: row.default}) == Settings(), row
    assert markdown().count("\n") == len(rows) + 1
