"""The embedded server: private, durable, ours alone, and gone when we are."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.errors import SourceUnavailable
from data_sources import server_binary
from data_sources.connect import open_client, shown
from data_sources.embedded import EmbeddedServer
from data_sources.watchdog import Watchdog
from tests.waiting import eventually, linux_only


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "data")
    server.start()
    yield server
    server.stop()


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
