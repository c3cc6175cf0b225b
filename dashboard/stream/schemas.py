"""The contract as JSON Schema, one per kind, generated from the structs that decode it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from dashboard.stream.kinds import SCHEMAS
from dashboard.stream.messages import MAX_BYTES

KINDS = ("registry", "status", "alerts", "traffic", "incidents")


def schema_of(kind: str) -> dict[str, Any]:
    """A JSON Schema (2020-12). Rules between fields stand in its description."""
    schema = msgspec.json.schema(SCHEMAS[kind])
    name = schema.pop("$ref").rpartition("/")[2]
    body: dict[str, Any] = schema["$defs"].pop(name)
    body["properties"]["v"] = {"const": 1}
    body.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"field:{{p}}:{kind}",
        "description": f"{_BETWEEN[kind]} At most {MAX_BYTES} bytes of UTF-8.",
        **body,
        **({"$defs": schema["$defs"]} if schema["$defs"] else {}),
    }


def text_of(kind: str) -> str:
    return json.dumps(schema_of(kind), indent=1, ensure_ascii=False) + "\n"


_BETWEEN = {
    "registry": "Master data of a device; the newest ts wins as a whole record.",
    "status": "A fault names at least one code; until lies 0 to 31 days after ts.",
    "alerts": "lon and lat come together; a raised alert has a device_id or a point.",
    "traffic": "from and to lie 1 to 60 minutes apart.",
    "incidents": "lon and lat come together; occurred_to is not before occurred_from.",
}
