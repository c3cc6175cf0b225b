"""What the README tells a reader to type works as printed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from tests import source_tree
from tests.conftest import ControlRoom
from tests.visitor import signed_in
from tests.waiting import eventually

README = (source_tree.ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def room(start_control_room: Callable[..., ControlRoom]) -> ControlRoom:
    return start_control_room()


def test_the_producers_of_the_readme_are_heard(room: ControlRoom) -> None:
    exec(_block("python").replace("data/redis.sock", str(room.socket)), {})
    room.redis().execute_command(*_words_of_shell_block())

    with signed_in(room.base_url, "duty", room.password) as duty:

        def shown() -> set[str]:
            return {alert["alert_id"] for alert in duty.get("/api/v1/alerts").json()["items"]}

        assert eventually(lambda: {"BELL-1-press-1", "BELL-1-press-2"} <= shown())


def test_the_producer_has_ten_lines() -> None:
    assert len([line for line in _block("python").splitlines() if line.strip()]) <= 10


def test_every_file_the_documents_point_to_exists() -> None:
    for document in [source_tree.ROOT / "README.md", *(source_tree.ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} points to {target}"


def test_every_make_target_the_documents_name_exists() -> None:
    makefile = (source_tree.ROOT / "Makefile").read_text(encoding="utf-8")
    documents = README + (source_tree.ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)\b(?=[ `\n])", documents):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE) or target in PROSE, target


PROSE = {"alone"}  # "`make` alone lists …" reads like a target


def _block(language: str) -> str:
    [block] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return str(block)


def _words_of_shell_block() -> list[str]:
    """The command of the shell example, as a shell would hand it to redis-cli."""
    script = "told() { shift 2; printf '%s\\n' \"$@\"; }\n" + _block("sh")
    script = script.replace("redis-cli", "told")
    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    return result.stdout.splitlines()
