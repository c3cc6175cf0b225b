"""Every text a person reads, from the catalogues `locales/<language>/<feature>.json`.

A key is `<feature>.<name>`. `t("live_map.title", language)` answers the text with its
{placeholders} filled. A missing key is a programming error and raises KeyError.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Protocol

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"
_FOLDER = Path(__file__).parent / "locales"


class Translate(Protocol):
    def __call__(self, key: str, **values: Any) -> str: ...


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language as {"feature.name": text}."""
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.json")):
        entries = json.loads(file.read_text(encoding="utf-8"))
        texts.update({f"{file.stem}.{name}": text for name, text in entries.items()})
    return texts


def t(key: str, language: str = DEFAULT_LANGUAGE, **values: Any) -> str:
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def translator(language: str) -> Translate:
    """`t` bound to one language; an unknown language falls back to Korean."""
    chosen = language if language in LANGUAGES else DEFAULT_LANGUAGE
    return lambda key, **values: t(key, chosen, **values)
