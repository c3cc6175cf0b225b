"""A week as a document: one page of A4 and an appendix, tagged for everybody (PDF/UA-1).

The only file that knows typst. Words and figures are handed over as JSON and never read as
markup; letters without a shape are boxes (glyphs.py). The same week is the same bytes.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

import typst

from dashboard.errors import OpsError
from layouts.weekly.glyphs import FONTS, missing, printable
from layouts.weekly.pdf_blocks import Paper, section, text
from layouts.weekly.pdf_text import Json, plain
from layouts.weekly.pdf_view import view

TEMPLATE = Path(__file__).with_name("week.typ")
KEPT = 8  # documents: the same one goes to many
TYPST_REMEMBERS = 10
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
AS_IT_IS = ("svg", "to", "label", "is", "lang", "paper")  # not for people to read


class NotPrinted(OpsError):
    """typst refused. Its words are for the log, without what it quotes of the week."""

    key = "weekly_pdf.not_printed"


def pdf(one: Paper) -> bytes:
    """Takes a quarter of a second of one core. Raises NotPrinted."""
    told = json.dumps(_printable(_with_letters(one, view(one))), ensure_ascii=False)
    return compiled(told, one.at_ms // 1000)


@lru_cache(KEPT)
def compiled(told: str, at_s: int) -> bytes:
    """told: the view as JSON. at_s: when the document says it was made. Raises NotPrinted."""
    try:
        return bytes(typst.compile(
            TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), sys_inputs={"week": told},
            pdf_standards="ua-1", timestamp=at_s,
        ))  # fmt: skip
    except RuntimeError as error:
        raise NotPrinted(_QUOTED.sub("…", str(error))[:2_000]) from None
    finally:
        _forget()


def _forget() -> None:
    """typst keeps what it worked out for the ten documents after it, forty megabytes of each;
    so it gets empty ones."""
    for _ in range(TYPST_REMEMBERS):
        typst.compile(b"", font_paths=fonts())


@cache
def fonts() -> typst.Fonts:
    """Ours and no others, so that every machine makes the same document."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _with_letters(one: Paper, week: Json) -> Json:
    """What could not be printed is named at the end."""
    lost = missing(json.dumps(_shown(week), ensure_ascii=False))
    if not lost:
        return week
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in lost)
    note = text(plain(one.t("weekly_pdf.letters", codes=codes)))
    return {**week, "appendix": [*week["appendix"], section(one.t("weekly_pdf.lost"), [note])]}


def _shown(told: Json) -> Json:
    """Only what people read of it."""
    if isinstance(told, dict):
        return [_shown(one) for name, one in told.items() if name not in AS_IT_IS]
    return [_shown(one) for one in told] if isinstance(told, list) else told


def _printable(told: Json) -> Json:
    if isinstance(told, dict):
        return {n: x if n in AS_IT_IS else _printable(x) for n, x in told.items()}
    if isinstance(told, list):
        return [_printable(one) for one in told]
    return printable(told) if isinstance(told, str) else told
