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

from dashboard.weekly.summary import Difference, Sealed, Summary

FIGURES = ("weekly", "kpis", "trends", "stream", "pilots")  # packages that figures come from
MOST = 200  # differences told
OWN = ("complete", "coverage", "gaps")
CODE = "code"  # path of a difference: another source worked it out


def canonical(told: Any) -> bytes:
    """JSON, keys sorted, in UTF-8; floats as Python writes them (shortest, round trip)."""
    return json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def as_kept(summary: Summary) -> Summary:
    """As it is read again from where it is kept. Raises ValueError for what JSON cannot tell."""
    kept = msgspec.json.decode(msgspec.json.encode(summary), type=Summary)
    if kept != summary:
        raise ValueError("a summary that is not the same when it is read again")
    return kept


def hash_of(summary: Summary) -> str:
    """SHA-256, hexadecimal."""
    return hash_of_kept(msgspec.to_builtins(as_kept(summary)))


def hash_of_kept(told: Any) -> str:
    """The same of a summary as it stands in JSON."""
    return hashlib.sha256(canonical(told)).hexdigest()


def own(summary: Summary) -> dict[str, Any]:
    """The week's own figures of the whole city: what opens a new revision when it differs.

    The rest holds the week against other times, which may have been revised since, or tells it by
    place and vendor, and these move with the registration of a device: neither makes the week
    another one. What is late and real is in the figures of the whole city.
    """
    told: dict[str, Any] = msgspec.to_builtins(summary)
    return {f"rows/{row['key']}": row["week"] for row in told["rows"]} | {
        name: told[name] for name in OWN
    }


def differs(before: Summary, after: Summary) -> bool:
    """Whether the week's own figures are not the same. A row that only one of them has, because
    another version of the source tells more or less, is no other figure."""
    one, other = own(before), own(after)
    return any(one[name] != other[name] for name in one.keys() & other.keys())


def differences(before: Summary, after: Summary) -> tuple[Difference, ...]:
    """All that is not the same, at most MOST, the week's own figures first; rows and lists of
    things that have a name by it."""
    one, other = (dict(_leaves("", msgspec.to_builtins(s))) for s in (before, after))
    paths = [path for path in {**one, **other} if one.get(path) != other.get(path)]
    paths.sort(key=lambda path: not _is_own(path))
    return tuple(Difference(p, one.get(p), other.get(p)) for p in paths[:MOST])


def _is_own(path: str) -> bool:
    name, *rest = path.split("/")
    return name in OWN or (name == "rows" and rest[1:2] == ["week"])


def sealed(summary: Summary, before: Sealed | None, sealed_ms: int, seen_ms: int) -> Sealed:
    """The revision after `before`, with what it changed; when another source worked it out, that
    is the first thing that is told."""
    kept, code = as_kept(summary), code_version()
    changed: tuple[Difference, ...] = ()
    if before is not None:
        changed = differences(before.summary, kept)
        if code != before.code:
            changed = (Difference(CODE, json.dumps(before.code), json.dumps(code)), *changed)
    revision = before.revision + 1 if before else 1
    return Sealed(revision, sealed_ms, seen_ms, code, hash_of(kept), kept, changed)


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
