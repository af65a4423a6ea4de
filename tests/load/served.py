"""What gunicorn serves in these tests: the service over the double, its speed and faults set by the environment.

DOUBLE_SPEED is pieces a second (0: at once). A text that holds HANG makes the model hang, one that holds RAISE makes it
raise, one that holds DIE ends the model thread.
"""

import os
import time
from collections.abc import Sequence

from flask import Flask

from service import create_app
from service.settings import Settings
from tests.double import Double, Window


class Die(BaseException):
    """What no handler expects."""


def fault(windows: Sequence[Window]) -> None:
    """Do what a text asks for."""
    words = " ".join(window.text for window in windows)
    if "HANG" in words:
        time.sleep(3600)
    if "RAISE" in words:
        raise RuntimeError(f"these words must not be logged: {words}")
    if "DIE" in words:
        raise Die(words)


def application() -> Flask:
    """For gunicorn."""
    if (late := os.environ.get("DOUBLE_LOADING")) is not None:
        time.sleep(float(late))
    double = Double(speed=float(os.environ.get("DOUBLE_SPEED", "0")), before=fault)
    return create_app(Settings.from_environment(os.environ), double)
