"""The whole control room: what ends is started again, and all end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from data_sources.embedded import EmbeddedServer
from tests.conftest import ROOT, ControlRoom, clean_env, free_port, launch
from tests.waiting import children, eventually, linux_only, runs

StartRoom = Callable[..., ControlRoom]


@linux_only
def test_a_killed_server_is_started_again_and_nothing_is_lost(
    start_control_room: StartRoom,
) -> None:
    room = start_control_room()
    room.redis().set("kept", "yes")
    before = _server_pid(room)
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: _answers(room) and _server_pid(room) != before)
    assert room.redis().get("kept") == b"yes"
    assert "starting it again" in room.log
    room.wait_until_ready()


@linux_only
def test_a_killed_child_is_started_again(start_control_room: StartRoom) -> None:
    room = start_control_room()
    web = next(pid for pid in children(room.process.pid) if "--web" in _command(pid))
    os.kill(web, signal.SIGKILL)
    assert eventually(lambda: "web was ended by SIGKILL" in room.log)
    room.wait_until_ready()


@linux_only
def test_a_killed_app_leaves_nobody_behind(start_control_room: StartRoom) -> None:
    room = start_control_room()
    room.redis().set("kept", "yes")
    family = children(room.process.pid)
    assert len(family) >= 2
    room.process.kill()
    room.process.wait()
    assert eventually(lambda: not any(runs(pid) for pid in family), within_s=3)

    again = start_control_room(room.data_dir)  # a stale socket and locks do not stop it
    assert again.redis().get("kept") == b"yes"


@linux_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=str)
def test_it_ends_in_order_within_five_seconds(
    start_control_room: StartRoom, number: signal.Signals
) -> None:
    room = start_control_room()
    family = children(room.process.pid)
    room.process.send_signal(number)
    assert room.process.wait(5) == 0
    assert not any(runs(pid) for pid in family)
    assert not room.socket.exists()


@linux_only
def test_it_ends_when_the_make_that_started_it_is_killed(tmp_path: Path) -> None:
    env = clean_env(DATA_DIR=str(tmp_path / "room"), PORT=str(free_port()), MAKELEVEL="1")
    starter = "import subprocess, sys; subprocess.run([sys.executable, 'app.py'])"
    make = subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, env=env)
    assert eventually(lambda: (tmp_path / "room" / "redis.sock").exists())
    [app] = children(make.pid)
    make.kill()
    make.wait()
    assert eventually(lambda: not runs(app))
    assert not (tmp_path / "room" / "redis.sock").exists()


def test_a_second_copy_on_the_directory_is_refused(start_control_room: StartRoom) -> None:
    room = start_control_room()
    second = launch(room.data_dir, PORT=str(free_port()))
    assert second.process.wait(20) == 1
    assert f"Another control room (process {room.process.pid}, {room.base_url})" in second.log
    room.wait_until_ready()


def test_a_port_in_use_is_said_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        room = launch(tmp_path / "room", PORT=str(taken.getsockname()[1]))
        assert room.process.wait(20) == 1
    assert "Cannot listen on" in room.log and "PORT" in room.log
    assert not room.socket.exists()


@linux_only
def test_a_server_left_over_is_joined_and_ends_with_the_app(start_control_room: StartRoom) -> None:
    room = start_control_room()
    room.redis().set("kept", "yes")
    room.stop()
    left_over = EmbeddedServer(room.data_dir)
    left_over.start()
    pid = left_over.pid
    again = start_control_room(room.data_dir)
    assert "joined the server already running" in again.log and _server_pid(again) == pid
    assert again.redis().get("kept") == b"yes"
    again.process.kill()
    again.process.wait()
    assert eventually(lambda: not left_over.alive(), within_s=5)


def test_it_waits_for_a_real_server_that_is_not_up_yet(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "real")
    room = launch(tmp_path / "room", REDIS_URL=server.url)
    try:
        assert eventually(lambda: "waiting for" in room.log)
        assert room.process.poll() is None
        server.start()
        assert eventually(lambda: "field streams on" in room.log)
    finally:
        room.stop()
        server.stop()


def test_data_dir_must_be_a_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    env = clean_env(DATA_DIR=str(tmp_path / "file"), PORT=str(free_port()))
    result = subprocess.run([sys.executable, "app.py"], env=env, capture_output=True, timeout=20)
    assert result.returncode == 2 and b"DATA_DIR=" in result.stderr


def _answers(room: ControlRoom) -> bool:
    return EmbeddedServer(room.data_dir).answers()


def _server_pid(room: ControlRoom) -> int:
    return int(room.redis().info("server")["process_id"])


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
