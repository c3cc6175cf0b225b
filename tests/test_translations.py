"""Both languages say the same things, and every text that is asked for is there.

A key is `<feature>.<name>`. In the source it is a string of just that, or a string with holes:
f"alerts.state_{state}", `alerts.state_${state}` or "alerts.state_" + state.
"""

from __future__ import annotations

import ast
import json
import re
import string
from pathlib import Path

import pytest

from dashboard.roles import Permission
from dashboard.text import LANGUAGES, catalogue, t
from tests import source_tree

LOCALES = source_tree.ROOT / "dashboard" / "locales"
HOLE = "\0"
SPEAKERS = source_tree.files(".py", under=("dashboard", "layouts", "callbacks", "data_sources"))
SCRIPTS = source_tree.files(".js", under=("dashboard",))
JS_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|' + r"'((?:[^'\\\n]|\\.)*)'|" + r"`((?:[^`\\]|\\.)*)`")
NOT_TEXTS = {permission.value for permission in Permission}  # they look like keys


def _features() -> set[str]:
    return {path.stem for language in LANGUAGES for path in (LOCALES / language).glob("*.json")}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_catalogues_and_keys() -> None:
    korean, english = catalogue("ko"), catalogue("en")
    assert korean and set(korean) == set(english)


def test_both_languages_fill_in_the_same_values() -> None:
    korean, english = catalogue("ko"), catalogue("en")
    both = set(korean) & set(english)
    assert not {key for key in both if _placeholders(korean[key]) != _placeholders(english[key])}


def test_catalogues_are_flat_and_no_text_is_empty_or_given_twice() -> None:
    for path in LOCALES.glob("*/*.json"):
        pairs = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
        names = [name for name, _ in pairs]
        assert all(isinstance(text, str) and text.strip() for _, text in pairs), path
        assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names), path
        assert len(names) == len(set(names)), path


def test_korean_texts_are_korean() -> None:
    """Where English needs a sentence, Korean has Hangul."""
    hangul, sentence = re.compile("[\uac00-\ud7a3]"), re.compile(r"[a-z]{3,} [a-z]{2,}")
    english = {key: re.sub(r"\{[^}]*\}", "", text) for key, text in catalogue("en").items()}
    said = {key: text for key, text in catalogue("ko").items() if sentence.search(english[key])}
    assert not [key for key, text in said.items() if not hangul.search(text)]


# -- what the source asks for ----------------------------------------------------------------


def _asked() -> dict[str, str]:
    """Key, or key with HOLE for each unknown part, → where."""
    asked: dict[str, str] = {}
    for path in SPEAKERS:
        asked |= {text: str(path) for text in _python_texts(path)}
    for path in SCRIPTS:
        asked |= {text: str(path) for text in _script_texts(path)}
    asked = {text: where for text, where in asked.items() if _is_key(text)}
    return {text: where for text, where in asked.items() if text not in NOT_TEXTS}


def _python_texts(path: Path) -> set[str]:
    nodes = list(ast.walk(source_tree.tree(path)))
    with_holes = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in with_holes for part in node.values}
    texts = {"".join(_part(part) for part in node.values) for node in with_holes}
    for stem in _explained(nodes):
        parts.add(id(stem))
        texts |= {f"{stem.value}_what", f"{stem.value}_how"}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            texts.add(node.value + HOLE if node.value.endswith(("_", ".")) else node.value)
    return texts


def _explained(nodes: list[ast.AST]) -> list[ast.Constant]:
    """What layouts/trends/explain.py is asked for: the beginning of two keys."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    named = [node for node in calls if source_tree.dotted(node.func) == "explained"]
    return [node.args[1] for node in named if isinstance(node.args[1], ast.Constant)]


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else HOLE


def _script_texts(path: Path) -> set[str]:
    source = re.sub(r"^\s*(//|\*|/\*).*$", "", source_tree.read(path), flags=re.MULTILINE)
    texts = {next(filter(None, found.groups()), "") for found in JS_TEXT.finditer(source)}
    texts = {re.sub(r"\$\{[^}]*\}", HOLE, text) for text in texts}
    return {text + HOLE if text.endswith(("_", ".")) else text for text in texts}


def _is_key(text: str) -> bool:
    feature, dot, name = text.partition(".")
    known = feature in _features() or (feature == HOLE and HOLE not in name)
    return known and bool(dot) and bool(re.fullmatch(rf"[a-z0-9_{HOLE}]+", name))


def _matches(asked: str, key: str) -> bool:
    return re.fullmatch(re.escape(asked).replace(re.escape(HOLE), "[a-z0-9_]+"), key) is not None


def test_every_text_that_is_asked_for_exists() -> None:
    keys = set(catalogue("ko"))
    missing = {
        text.replace(HOLE, "{…}"): where
        for text, where in _asked().items()
        if not text.startswith(HOLE)  # a key as far as anybody can see; it may be a file name
        if text not in keys and not any(_matches(text, key) for key in keys)
    }
    assert not missing


def test_every_text_is_asked_for_somewhere() -> None:
    asked = _asked()
    with_holes = [text for text in asked if HOLE in text]
    unused = {
        key
        for key in catalogue("ko")
        if key not in asked and not any(_matches(text, key) for text in with_holes)
    }
    assert not unused


def test_calls_give_every_value_a_text_needs() -> None:
    wrong = {}
    for path in SPEAKERS:
        for node in ast.walk(source_tree.tree(path)):
            if isinstance(node, ast.Call) and (key := _key_of(node)):
                given = {keyword.arg for keyword in node.keywords} - {"language"}
                if None not in given and given != _placeholders(catalogue("en")[key]):
                    wrong[f"{path}:{node.lineno}"] = key
    assert not wrong


def _key_of(node: ast.Call) -> str | None:
    """The constant key of a call t("feature.name", …), whatever t is called there."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        if source_tree.dotted(node.func).rsplit(".", 1)[-1] in ("t", "text", "tell"):
            return first.value if first.value in catalogue("en") else None
    return None


def test_a_missing_key_is_an_error_not_a_blank() -> None:
    with pytest.raises(KeyError):
        t("live_map.no_such_text")
