"""The embedded Redis-compatible server: found, started or adopted, waited for, ended.

It listens on DATA_DIR/redis.sock only (mode 700, no TCP) and keeps its data beside it, every
write on disk before it is answered. Two locks guard the directory: `app.lock` is held by the
one supervisor, `server.lock` by the server process itself, for as long as it lives.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from dashboard.errors import SourceUnavailable
from data_sources import server_binary
from data_sources.connect import open_client
from data_sources.data_lock import DataLock
from data_sources.leash import leashed

SOCKET = "redis.sock"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107 on Linux, 103 on macOS
START_S = 120.0  # loading a large append-only file takes its time
STOP_S = 5.0
_CONFIGURATION = (
    *("--port", "0"),  # no TCP: only who may open the socket file gets in
    *("--unixsocket", f"./{SOCKET}", "--unixsocketperm", "700"),
    *("--dir", ".", "--logfile", "redis.log", "--daemonize", "no"),
    # Every write is on disk before it is answered: with `everysec` a kill -9 lost acknowledged
    # writes when the server postponed them behind a running fsync.
    *("--appendonly", "yes", "--appendfsync", "always", "--aof-load-truncated", "yes"),
    *("--save", ""),
    *("--maxmemory-policy", "noeviction"),
)


class EmbeddedServer:
    """One server on one data directory. `start` may be called again after it has died."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.socket = self.data_dir / SOCKET
        self.adopted_pid: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.reach()}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else self.adopted_pid

    def reach(self) -> Path:
        """A path to the socket that is short enough for the kernel."""
        if len(os.fsencode(self.socket)) <= LONGEST_SOCKET_PATH:
            return self.socket
        return _short_way(self.data_dir) / SOCKET

    def start(self) -> None:
        """Adopts the live server of this directory, or starts one, and waits for its answer.

        Raises SourceUnavailable saying what is wrong and, if the server spoke, its last words.
        """
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process, self.adopted_pid = None, None
        lock = DataLock(self.data_dir / "server.lock")
        deadline = time.monotonic() + START_S
        while not lock.take():
            if self.answers():
                self.adopted_pid = self._asked_pid()
                return
            if time.monotonic() > deadline:
                raise SourceUnavailable(f"A server holds {self.data_dir} but does not answer.")
            time.sleep(0.05)
        try:
            if self.answers():  # a server somebody else started on our socket
                self.adopted_pid = self._asked_pid()
            else:
                self._spawn(lock.fileno())
                self._wait_for_answer(deadline)
        finally:
            lock.close()  # our copy: the server's own keeps the directory locked

    def alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return self.adopted_pid is not None and self.answers()

    def answers(self) -> bool:
        """True also while it is still loading its data: a live server, only not ready."""
        client = open_client(self.url)
        try:
            client.ping()
        except redis.BusyLoadingError:
            return True
        except redis.RedisError:
            return False
        finally:
            client.close()
        return True

    def stop(self) -> None:
        """Ends the server in order; with force if it does not follow."""
        pid, process = self.pid, self._process
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while time.monotonic() < deadline and self._lives(process):
            time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            if self._lives(process):
                os.kill(pid, signal.SIGKILL)
        if process is not None:
            process.wait()
        self._process, self.adopted_pid = None, None

    def _lives(self, process: subprocess.Popen[bytes] | None) -> bool:
        return process.poll() is None if process is not None else self.answers()

    def _asked_pid(self) -> int:
        with contextlib.closing(open_client(self.url)) as client:
            return int(client.info("server")["process_id"])

    def _spawn(self, lock: int) -> None:
        binary = server_binary.find()
        self.socket.unlink(missing_ok=True)  # of a server that was killed
        self._process = subprocess.Popen(
            [str(binary), *_CONFIGURATION],
            cwd=self.data_dir,  # relative paths keep the socket's name short
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            umask=0o077,
            pass_fds=(lock,),
            **leashed(),
        )

    def _wait_for_answer(self, deadline: float) -> None:
        with contextlib.closing(open_client(self.url)) as client:
            while time.monotonic() < deadline:
                if not self.alive():
                    raise SourceUnavailable(f"The embedded server ended: {self._last_words()}")
                with contextlib.suppress(redis.RedisError):
                    client.ping()
                    return
                time.sleep(0.02)
        self.stop()
        raise SourceUnavailable(f"The embedded server does not answer on {self.socket}.")

    def _last_words(self) -> str:
        log = self.data_dir / "redis.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return " | ".join(text.splitlines()[-3:]) or f"see {log}"


def _short_way(data_dir: Path) -> Path:
    """A symbolic link of ours to a directory whose own name is too long for a socket."""
    name = f"control-room-{os.getuid()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    link = Path(tempfile.gettempdir()) / name
    with contextlib.suppress(FileExistsError):
        link.symlink_to(data_dir)
    if link.lstat().st_uid != os.getuid() or link.resolve() != data_dir:
        raise SourceUnavailable(f"{link} is not ours. Choose a DATA_DIR with a shorter path.")
    return link
