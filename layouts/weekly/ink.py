"""Colours of paper: those of the light theme (assets/css/0_tokens.css has the only values)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import dashboard
from layouts.weekly.lines import Ink

ASSETS = Path(dashboard.__file__).parent / "assets"
# "--text: light-dark(<light>, <dark>)": the first of the two, where it hides nothing behind it.
_TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\(\s*)?(#[0-9a-f]{6})\b")
PAPER = {
    "text": "text", "text2": "text-2", "text3": "text-3", "line": "line", "rule": "chart-before",
    "far": "p1-text", "out": "p2-text", "better": "well-text", "careful": "careful-ground",
}  # fmt: skip


@cache
def tokens() -> dict[str, str]:
    return dict(_TOKEN.findall((ASSETS / "css" / "0_tokens.css").read_text(encoding="utf-8")))


def paper() -> dict[str, str]:
    """By the names the template knows (week.typ)."""
    return {name: tokens()[token] for name, token in PAPER.items()}


def chart_ink() -> Ink:
    known = tokens()
    edges = {"": "text", "out": "p2-edge", "far": "p1-edge", "better": "well"}
    dots = {tone: known[token] for tone, token in edges.items()}
    return Ink(
        known["chart-line"],
        known["chosen"],
        known["line"],
        known["chart-target"],
        known["panel"],
        dots,
    )
