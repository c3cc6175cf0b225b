"""What the type of printed documents can show; what it cannot is seen to be missing.

A document for everybody (PDF/UA) must not hold a letter without a shape, and typst refuses to
make one. A letter of an unknown script in a name or a decision is therefore printed as a box, and
the appendix names it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

from layouts.weekly.ink import ASSETS

FONTS = ASSETS / "vendor" / "pretendard_pdf"
BOX = "\u25a1"  # white square
_FORMAT_12 = 12
_SPACE = re.compile(r"\s+")
# Seen by nobody: controls, joiners, direction marks, and what chooses between shapes of a letter.
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_NO_SHAPE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def printable(text: str) -> str:
    """In one line, composed, each letter one that has a shape or BOX."""
    tidy = _SPACE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()
    seen = (one for one in tidy if unicodedata.category(one) not in ("Cc", "Cf"))
    return "".join(one if ord(one) in shapes() else BOX for one in seen)


def missing(text: str) -> list[str]:
    """Letters of it that are printed as BOX, in order, each once."""
    tidy = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    letters = dict.fromkeys(one for one in tidy if not one.isspace())
    unseen = ("Cc", "Cf")
    return [x for x in letters if ord(x) not in shapes() and unicodedata.category(x) not in unseen]


@cache
def shapes() -> frozenset[int]:
    """Code points that every weight has, and that are letters to everybody."""
    common = frozenset.intersection(*(_mapped(file) for file in sorted(FONTS.glob("*.otf"))))
    return frozenset(x for x in common if unicodedata.category(chr(x)) not in _NO_SHAPE)


def _mapped(font: Path) -> frozenset[int]:
    """Of its cmap, the subtable of format 12 (OpenType 1.9, "cmap"): groups of first code, last
    code, first glyph."""
    content = font.read_bytes()
    at = _table(content, b"cmap")
    for n in range(struct.unpack_from(">H", content, at + 2)[0]):
        offset = at + struct.unpack_from(">I", content, at + 8 + 8 * n)[0]
        if struct.unpack_from(">H", content, offset)[0] == _FORMAT_12:
            groups = struct.unpack_from(">I", content, offset + 12)[0]
            spans = struct.iter_unpack(">III", content[offset + 16 : offset + 16 + 12 * groups])
            return frozenset(x for first, last, _ in spans for x in range(first, last + 1))
    raise ValueError(f"{font.name}: no cmap of format 12")


def _table(content: bytes, wanted: bytes) -> int:
    """Where a table of the font begins."""
    count = struct.unpack_from(">H", content, 4)[0]
    found = (struct.unpack_from(">4sIII", content, 12 + 16 * n) for n in range(count))
    return next(int(offset) for tag, _, offset, _ in found if tag == wanted)
