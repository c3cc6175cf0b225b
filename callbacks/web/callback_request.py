"""Is a hand-made callback request at least one that the renderer could have sent?

Dash trusts the shape of what arrives and would answer a wrong one with a server error. Values
are not judged here: a callback never trusts them either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def makes_sense(asked: Any, callback_map: Mapping[str, Any]) -> bool:
    """asked: the decoded JSON body; callback_map: as of Dash."""
    if not isinstance(asked, dict) or not isinstance(asked.get("output"), str):
        return False
    entry = callback_map.get(asked["output"], {})
    return (
        "callback" in entry
        and _fits(asked.get("inputs", []), entry["inputs"])
        and _fits(asked.get("state", []), entry["state"])
        and isinstance(asked.get("outputs", {}), dict | list)
        and _are_strings(asked.get("changedPropIds", []))
    )


def _fits(given: Any, declared: list[dict[str, Any]]) -> bool:
    """The declared properties in their order; a pattern-matching one is a list of them."""
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_is(item, want["property"]) for item, want in zip(given, declared, strict=True))


def _is(item: Any, prop: str) -> bool:
    if isinstance(item, list):
        return all(isinstance(one, dict) and _is(one, prop) for one in item)
    return isinstance(item, dict) and item.get("property") == prop and "id" in item


def _are_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
