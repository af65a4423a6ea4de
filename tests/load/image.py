"""An image's unpacked files run as a container would: read-only root, the image's user and environment, tmpfs on /tmp.

For where no container engine is at hand; needs root, `unshare` and `chroot`. An image is unpacked by, for example,
`docker export $(docker create quotes) | tar -x -C DIR`.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.load.server import ROOT, Server

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
USER = int(re.findall(r"^USER (\d+):", DOCKERFILE, re.MULTILINE)[-1])
COMMAND: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])

INSIDE = """
set -e
mount --bind "$0" "$0"
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount -t tmpfs tmpfs "$0/tmp"
mount -o remount,bind,ro "$0"
cd "$0"
user=$1; shift
exec chroot --userspec="$user:$user" "$0" /bin/sh -c 'cd /app; if touch here 2>/dev/null; then exit 99; fi; exec "$@"' sh "$@"
"""
"""What is done in mount points of its own, so that they end with it; each step execs, so signals reach the last."""


def environment(path: str) -> dict[str, str]:
    """The image's own variables."""
    lines = re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)
    pairs = dict(pair.split("=", 1) for pair in " ".join(lines).split())
    return {name: value.replace("$PATH", path) for name, value in pairs.items()}


@contextlib.contextmanager
def contained(root: Path, **settings: str) -> Iterator[Server]:
    """A server from the image's files, perhaps not ready yet, and gone afterwards."""
    own = environment("/usr/local/bin:/usr/bin:/bin") | settings
    pairs = [f"{name}={value}" for name, value in own.items() if name != "PORT"]
    inside = ["/usr/bin/env", "-i", *pairs, "PORT={port}", "QUOTES_HOST=127.0.0.1", *COMMAND]
    server = Server(command=["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE, str(root), str(USER), *inside])
    try:
        yield server
    finally:
        server.kill()


def directory_size(root: Path) -> int:
    """Bytes of all files, links not followed."""
    return sum(os.lstat(Path(folder, name)).st_size for folder, _, names in os.walk(root) for name in names)
