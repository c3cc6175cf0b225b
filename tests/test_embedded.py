"""The embedded server: private, durable, ours alone, and gone when we are."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import ROOT, ControlRoom, clean_env, free_port, launch
from dashboard.errors import SourceUnavailable
from data_sources import server_binary
from data_sources.connect import open_client, shown
from data_sources.embedded import EmbeddedServer
from data_sources.watchdog import Watchdog

StartRoom = Callable[..., ControlRoom]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "data")
    server.start()
    yield server
    server.stop()


def eventually(true: Callable[[], bool], within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def runs(pid: int | None) -> bool:
    """False also for one that has ended but was not yet collected by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


# -- the server alone ------------------------------------------------------------------------


def test_it_listens_on_its_socket_only(server: EmbeddedServer) -> None:
    client = open_client(server.url)
    assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700


@linux_only
def test_it_has_no_tcp_port_at_all(server: EmbeddedServer) -> None:
    listening = {
        line.split()[9]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{server.pid}/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    links = [str(fd.readlink()) for fd in Path(f"/proc/{server.pid}/fd").iterdir()]
    assert not [link for link in links if link.removeprefix("socket:[").rstrip("]") in listening]


def test_every_write_is_on_disk_before_it_is_answered(server: EmbeddedServer) -> None:
    config = open_client(server.url).config_get("append*", "maxmemory-policy", "save")
    assert config["appendonly"] == "yes" and config["appendfsync"] == "always"
    assert config["maxmemory-policy"] == "noeviction" and config["save"] == ""


def test_what_was_acknowledged_survives_a_kill(server: EmbeddedServer) -> None:
    written = open_client(server.url).xadd("field:{0}:alerts", {"d": "{}"})
    os.kill(int(server.pid or 0), signal.SIGKILL)
    assert eventually(lambda: not server.alive())
    server.start()
    assert open_client(server.url).xrange("field:{0}:alerts") == [(written, {b"d": b"{}"})]


def test_it_starts_from_a_file_that_ends_in_the_middle_of_a_write(server: EmbeddedServer) -> None:
    client = open_client(server.url)
    client.set("kept", "yes")
    server.stop()
    [log] = server.data_dir.glob("**/*.incr.aof")
    with log.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nlo")
    server.start()
    assert open_client(server.url).get("kept") == b"yes"


def test_a_second_one_on_the_directory_joins_the_first(server: EmbeddedServer) -> None:
    second = EmbeddedServer(server.data_dir)
    second.start()
    assert second.adopted_pid == server.pid and second.alive()


def test_a_directory_with_a_long_name_works_too(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / ("long-" * 30))
    server.start()
    try:
        assert open_client(server.url).ping()
        assert server.socket.is_socket() and len(str(server.socket)) > 107
    finally:
        server.stop()


def test_the_way_to_a_long_name_is_refused_when_it_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    server = EmbeddedServer(tmp_path / ("long-" * 30))
    server.data_dir.mkdir()
    server.reach().parent.unlink()
    (tmp_path / "elsewhere").mkdir()
    link = next(iter([tmp_path / f"control-room-{os.getuid()}-{_digest(server)}"]))
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceUnavailable, match="not ours"):
        server.reach()


def _digest(server: EmbeddedServer) -> str:
    import hashlib

    return hashlib.sha256(os.fsencode(server.data_dir)).hexdigest()[:12]


def test_it_says_why_the_server_would_not_start(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where a directory belongs")
    with pytest.raises(SourceUnavailable, match="ended: .*appendonlydir"):
        EmbeddedServer(tmp_path).start()


def test_a_server_on_path_goes_before_the_ones_in_wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "redis-server"
    mine.write_text("#!/bin/sh\necho 'Redis server v=7.2.4 sha=0'\n")
    mine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert server_binary.find() == mine
    mine.write_text("#!/bin/sh\necho 'Redis server v=6.0.16 sha=0'\n")
    assert server_binary.find() != mine, "6.0 cannot trim streams by id"


def test_without_any_server_it_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_binary, "_candidates", lambda: iter(()))
    with pytest.raises(SourceUnavailable, match="REDIS_URL.*apt install"):
        server_binary.find()


def test_a_password_is_never_shown() -> None:
    assert shown("rediss://ops:s3cret@feed:6380/0") == "rediss://ops:***@feed:6380/0"
    assert shown("unix:///run/redis.sock") == "unix:///run/redis.sock"


def test_the_watchdog_ends_what_the_kernel_does_not() -> None:
    """As on macOS, and for a server that was joined: killed when its keeper is gone."""
    sleeper = subprocess.Popen(["sleep", "60"])
    keeper = (
        "import sys, time; from data_sources.watchdog import Watchdog\n"
        f"Watchdog().add({sleeper.pid}); print('named', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", keeper], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"named\n"
    process.kill()
    process.wait()
    assert sleeper.wait(5) == -signal.SIGKILL


def test_the_watchdog_lets_go_of_what_ended_in_order() -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    watchdog = Watchdog()
    watchdog.add(sleeper.pid)
    watchdog.dismiss()
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


# -- the whole control room ------------------------------------------------------------------


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
