"""Sentences cut into what must not be torn apart at the end of a line.

Korean is broken between words, not between syllables, and a particle stays with the figure before
it. So a text is a list of units with a space between: a word, or a link of several words together
with what is written onto it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from layouts.weekly.words import Link, anchor

Json = Any
Text = list[Json]  # of str (a word) and {"to", "mark", "w": words of [text, underlined] pieces}
RANGE = "\u2013"  # en dash
Told = Sequence[str | Link]


def flow(told: Told, targets: Collection[str], marks: Mapping[str, str] | None = None) -> Text:
    """targets: labels there are; a link to anything else is plain text. marks: of labels, shown
    in the colour of the figure, but not in that of a range beside it."""
    units: Text = []
    open_, glued = None, False  # the unit that a text without a space before it is written onto
    for one in told:
        to = anchor(one.of) if isinstance(one, Link) else ""
        text = one.text if isinstance(one, Link) else one
        if to in targets:
            unit = {
                "to": to,
                "mark": "" if RANGE in text else (marks or {}).get(to, ""),
                "w": _linked(text),
            }
            if open_ is not None and glued and isinstance(open_, str):
                unit["w"][0].insert(0, [units.pop(), False])
            units.append(unit)
            open_, glued = unit, True
            continue
        open_, glued = _plain(units, text, open_ if glued else None)
    return units


def _linked(text: str) -> list[list[list[Json]]]:
    return [[[word, True]] for word in text.split(" ") if word] or [[["", True]]]


def _plain(units: Text, text: str, onto: Json) -> tuple[Json, bool]:
    """Adds words; the first one onto the unit before it, where no space is between."""
    words = [word for word in text.split(" ") if word]
    if words and onto is not None and not text.startswith(" "):
        first = words.pop(0)
        if isinstance(onto, str):
            units[-1] = onto + first
        else:
            onto["w"][-1].append([first, False])
    units.extend(words)
    return (units[-1] if units else None), not text.endswith(" ")


def plain(text: str) -> Text:
    return [word for word in text.split(" ") if word]


def joined(texts: Sequence[Text], mark: str = "·") -> Text:
    """One after the other, a mark between."""
    told: Text = []
    for text in texts:
        told += ([mark] if told and text else []) + text
    return told
