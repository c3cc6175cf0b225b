"""The drawing of the house (docs/ARCHITECTURE.md), kept true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from dashboard import ids
from tests import source_tree

MAY_IMPORT = {
    "dashboard": {"dashboard"},
    "layouts": {"layouts", "dashboard"},
    "data_sources": {"data_sources", "dashboard"},
    "callbacks": {"callbacks", "layouts", "data_sources", "dashboard"},
    "app.py": {"callbacks", "layouts", "data_sources", "dashboard"},
}
OURS = {*source_tree.ROOMS, "app", "tests", "benchmarks"}
WEB = {"dash", "dash_leaflet", "dash_extensions", "fastapi", "starlette", "uvicorn", "websockets"}
# What a room may not know of the world outside.
UNKNOWN_TO = {
    "dashboard": {*WEB, "redis", "socket", "subprocess", "asyncio", "threading"},
    "layouts": {"redis", "fastapi", "starlette", "uvicorn", "websockets", "requests", "httpx"},
    "callbacks": {"redis"},
    "data_sources": WEB,
    "app.py": {"redis"},
}
NOT_FEATURES = {"guard", "session", "web"}  # callbacks modules without a page of their own
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.datetime.now", "date.today", "time.time"}
CLOCKS |= {"time.time_ns", "time.localtime", "time.gmtime"}
LONGEST = 250
LONGEST_APP = 80
LONGEST_STYLE_SHEET = 500  # one declaration a line
HEX_COLOUR = re.compile(r"""["'\s:,(]#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b(?!-)""")
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")

ENVIRONMENT = {"os.environ", "os.getenv", "environ", "getenv"}

SOURCE = source_tree.files(".py", ".js", ".css", ".lua")
ROOM_FILES = [path for path in SOURCE if path.suffix == ".py" and path.parts[0] in MAY_IMPORT]


def test_imports_go_one_way() -> None:
    wrong = {
        path: bad
        for path in ROOM_FILES
        if (bad := _roots(path) & (OURS - MAY_IMPORT[path.parts[0]]))
    }
    assert not wrong


def test_a_room_knows_only_its_own_libraries() -> None:
    wrong = {path: bad for path in ROOM_FILES if (bad := _roots(path) & UNKNOWN_TO[path.parts[0]])}
    assert not wrong


def _roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in source_tree.imports(path)}


def test_every_callbacks_module_has_a_twin_in_layouts() -> None:
    assert _modules("callbacks") - NOT_FEATURES <= _modules("layouts")


def _modules(room: str) -> set[str]:
    folder = source_tree.ROOT / room
    inside = {path.stem for path in folder.glob("*.py")}
    return (inside | {path.parent.name for path in folder.glob("*/__init__.py")}) - {"__init__"}


def test_only_the_edge_reads_the_clock() -> None:
    """Time is an argument: Sources.now_ms() is the one clock."""
    rooms = [path for path in ROOM_FILES if path.parts[0] != "data_sources"]
    wrong = {path: bad for path in rooms if (bad := source_tree.names(path) & CLOCKS)}
    assert not wrong


def test_only_entry_points_see_the_environment() -> None:
    inside = [path for path in ROOM_FILES if not _is_entry_point(path)]
    wrong = {path: bad for path in inside if (bad := source_tree.names(path) & ENVIRONMENT)}
    assert not wrong


def _is_entry_point(path: Path) -> bool:
    """Also who starts processes, and so hands the environment on."""
    starts = path in (Path("app.py"), Path("data_sources/supervisor.py"))
    return starts or '__name__ == "__main__"' in source_tree.read(path)


# -- ids and callbacks -----------------------------------------------------------------------


def _features() -> dict[str, dict[str, str]]:
    enums = {name: thing for name, thing in vars(ids).items() if isinstance(thing, type)}
    return {
        name: {member: item.value for member, item in enum.__members__.items()}
        for name, enum in enums.items()
        if name != "StrEnum"
    }


def test_ids_are_unique_and_begin_with_their_feature() -> None:
    seen: set[str] = set()
    for feature, members in _features().items():
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "-", feature).lower()
        for value in members.values():
            assert f"{value}-".startswith(f"{prefix}-") and value not in seen, value
            seen.add(value)


def _ids_in(path: Path) -> set[str]:
    """`LiveMap.MAP` for every id a file names, whichever way it imported them."""
    alias: dict[str, str] = {}
    for node in ast.walk(source_tree.tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "dashboard.ids":
            alias |= {name.asname or name.name: f"{name.name}." for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "dashboard":
            alias |= {n.asname or n.name: "" for n in node.names if n.name == "ids"}
    found = set()
    for name in source_tree.names(path):
        head, _, rest = name.partition(".")
        if head in alias and (full := alias[head] + rest).count(".") >= 1:
            found.add(".".join(full.split(".")[:2]))
    return found


def test_every_id_that_is_named_exists() -> None:
    known = {f"{feature}.{name}" for feature, names in _features().items() for name in names}
    for path in ROOM_FILES:
        assert _ids_in(path) <= known, path


def test_every_id_a_callback_names_is_in_a_layout() -> None:
    laid_out = {name for path in ROOM_FILES if path.parts[0] == "layouts" for name in _ids_in(path)}
    laid_out |= _ids_in(Path("callbacks/web/control_room.py"))  # the page around every page
    for path in ROOM_FILES:
        if path.parts[0] == "callbacks":
            assert _ids_in(path) <= laid_out, path


def test_callbacks_never_name_an_id_by_its_text() -> None:
    for path in ROOM_FILES:
        for node in ast.walk(source_tree.tree(path)):
            if isinstance(node, ast.Call) and dotted_end(node.func) in ("Input", "Output", "State"):
                by_text = node.args and isinstance(node.args[0], ast.Constant)
                assert not by_text, f"{path}:{node.lineno}: use dashboard.ids"


def dotted_end(node: ast.AST) -> str:
    return source_tree.dotted(node).rsplit(".", 1)[-1]


def test_importing_callbacks_registers_nothing() -> None:
    program = (
        "import importlib, pkgutil, callbacks, dash._callback as registered\n"
        "for module in pkgutil.walk_packages(callbacks.__path__, 'callbacks.'):\n"
        "    importlib.import_module(module.name)\n"
        "assert not registered.GLOBAL_CALLBACK_LIST and not registered.GLOBAL_CALLBACK_MAP\n"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=source_tree.ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


# -- size, text and colour -------------------------------------------------------------------


def test_files_are_short() -> None:
    lengths = {path: len(source_tree.read(path).splitlines()) for path in SOURCE}
    limit = {".css": LONGEST_STYLE_SHEET}
    assert not {path: n for path, n in lengths.items() if n > limit.get(path.suffix, LONGEST)}
    assert lengths[Path("app.py")] <= LONGEST_APP


def test_words_for_people_are_in_the_catalogues() -> None:
    wrong = [path for path in SOURCE if HANGUL.search(source_tree.read(path))]
    assert not wrong, "Korean text belongs into dashboard/locales/"


def test_colours_are_tokens() -> None:
    files = [*source_tree.files(".css", ".js", under=("dashboard",)), *_seen()]
    files = [path for path in files if path.name != "0_tokens.css" and path.suffix != ".lua"]
    wrong = {path: bad for path in files if (bad := HEX_COLOUR.findall(source_tree.read(path)))}
    assert not wrong


def test_looks_are_in_the_style_sheets() -> None:
    """An inline style may carry what was measured (a bar's width), never a look of its own."""
    wrong = [
        f"{path}:{node.value.lineno}"
        for path in _seen()
        for node in ast.walk(source_tree.tree(path))
        if isinstance(node, ast.keyword) and node.arg == "style" and not _measured(node.value)
    ]
    assert not wrong


def _measured(style: ast.expr) -> bool:
    """Also a Leaflet layer's {"variable": …}: the name of a function, not a look."""
    if not isinstance(style, ast.Dict):
        return False
    pairs = zip(style.keys, style.values, strict=True)
    return all(
        not isinstance(value, ast.Constant) or (key and ast.unparse(key) == "'variable'")
        for key, value in pairs
    )


def _seen() -> list[Path]:
    return [path for path in ROOM_FILES if path.parts[0] in ("layouts", "callbacks")]
