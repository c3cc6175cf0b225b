"""The project's own source, as the guards read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("dashboard", "layouts", "callbacks", "data_sources")
THEIRS = ("vendor", "node_modules", "__pycache__", ".venv", "data")  # not written by us


def files(*suffixes: str, under: tuple[str, ...] = (*ROOMS, "tests", "benchmarks")) -> list[Path]:
    """Our files with these suffixes, relative to the project, in order."""
    found = [
        path.relative_to(ROOT)
        for room in under
        for path in (ROOT / room).rglob("*")
        if path.suffix in suffixes and not set(path.relative_to(ROOT).parts) & set(THEIRS)
    ]
    if ".py" in suffixes:
        found.append(Path("app.py"))
    return sorted(found)


@cache
def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(read(path), str(path))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            if node.level:  # a relative import stays in its own folder
                package = ".".join((*path.parts[: len(path.parts) - node.level], package))
            yield from (f"{package}.{alias.name}" for alias in node.names)


def dotted(node: ast.AST) -> str:
    """ "os.environ" of the expression os.environ; "" for what is not a plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{before}.{node.attr}" if (before := dotted(node.value)) else ""
    return ""


def names(path: Path) -> set[str]:
    """Every dotted expression in a file."""
    return {name for node in ast.walk(tree(path)) if (name := dotted(node))}
