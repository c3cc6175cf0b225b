"""The seal of a week: the same letters for the same figures, on any machine; what a revision
changed; and which source worked it out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from dashboard.weekly.summary import Difference, Summary

FIGURES = ("weekly", "kpis", "trends", "stream", "pilots")  # packages that figures come from
MOST = 200  # differences told
# What of a summary is the week's own. The rest holds it against other times, which may have been
# revised since; that alone is no reason for a new revision.
OWN_ROW = ("key", "week")
OWN = ("week", "complete", "coverage", "routes", "gaps")


def canonical(summary: Summary) -> bytes:
    """JSON, keys sorted, in UTF-8; floats as Python writes them (shortest, round trip)."""
    return json.dumps(
        msgspec.to_builtins(summary), sort_keys=True, ensure_ascii=False, separators=(",", ":"),
        allow_nan=False,
    ).encode()  # fmt: skip


def hash_of(summary: Summary) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(canonical(summary)).hexdigest()


def own(summary: Summary) -> dict[str, Any]:
    """The week's own figures: what opens a new revision when it differs."""
    told: dict[str, Any] = msgspec.to_builtins(summary)
    rows = [{name: row[name] for name in OWN_ROW} for row in told["rows"]]
    return {**{name: told[name] for name in OWN}, "rows": rows}


def differs(before: Summary, after: Summary) -> bool:
    """Whether the week's own figures are not the same."""
    return own(before) != own(after)


def differences(before: Summary, after: Summary) -> tuple[Difference, ...]:
    """All that is not the same, at most MOST; rows and lists of things that have a name by it."""
    one, other = (dict(_leaves("", msgspec.to_builtins(s))) for s in (before, after))
    paths = [path for path in {**one, **other} if one.get(path) != other.get(path)]
    return tuple(Difference(p, one.get(p), other.get(p)) for p in paths[:MOST])


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(f"{path}/{name}" if path else name, one)
    elif isinstance(value, list | tuple):
        for at, one in enumerate(value):
            yield from _leaves(f"{path}/{_name(one, at)}", one)
    elif value is not None:
        yield path, json.dumps(value, ensure_ascii=False)


def _name(value: Any, at: int) -> str:
    if isinstance(value, dict):
        for name in ("key", "route", "vendor", "pilot"):
            if isinstance(value.get(name), str):
                return str(value[name])
    return str(at)


@cache
def code_version() -> str:
    """Of the source that figures come from: 12 letters, the same on every machine."""
    home = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for file in sorted(f for name in FIGURES for f in (home / name).rglob("*.py")):
        digest.update(file.relative_to(home).as_posix().encode() + b"\0")
        digest.update(file.read_text(encoding="utf-8").replace("\r\n", "\n").encode() + b"\0")
    return digest.hexdigest()[:12]
