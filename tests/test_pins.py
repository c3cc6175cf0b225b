"""What we import is pinned by us, to the version that is installed."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from tests import source_tree

OURS = {*source_tree.ROOMS, "app", "tests", "benchmarks"}
OURS |= {path.stem for path in source_tree.files(".py", under=("tests",))}


@cache
def pins(file: str) -> dict[str, str]:
    """Distribution → version, as pip spells names: lower case and hyphens."""
    text = (source_tree.ROOT / file).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^;\s]+)(?:;.*)?$", text, re.MULTILINE)
    return {_spelt(name): pinned for name, pinned in found}


def _spelt(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(paths: list[Path]) -> set[str]:
    modules = {name.split(".")[0] for path in paths for name in source_tree.imports(path)}
    owners = packages_distributions()
    outside = modules - OURS - set(sys.stdlib_module_names)
    return {_spelt(owners[module][0]) if module in owners else module for module in outside}


def test_what_runs_imports_only_what_make_run_installs() -> None:
    rooms = [path for path in source_tree.files(".py") if path.parts[0] not in ("tests",)]
    running = [path for path in rooms if path.parts[0] != "benchmarks"]
    assert not _imported(running) - set(pins("requirements.txt"))


def test_what_tests_imports_only_what_make_test_installs() -> None:
    pinned = {*pins("requirements.txt"), *pins("requirements-dev.txt")}
    assert not _imported(source_tree.files(".py")) - pinned


def test_every_line_is_an_exact_pin() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (source_tree.ROOT / file).read_text(encoding="utf-8").splitlines()
        named = [line for line in lines if line and not line.startswith(("#", "-r "))]
        assert len(named) == len(pins(file)), "twice, or without =="


def test_pins_are_what_is_installed() -> None:
    wrong = {}
    for name, pinned in {**pins("requirements.txt"), **pins("requirements-dev.txt")}.items():
        try:
            if version(name) != pinned:
                wrong[name] = version(name)
        except PackageNotFoundError:  # needed by other versions of Python only
            assert name == "async-timeout", name
    assert not wrong
