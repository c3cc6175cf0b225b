"""Starts and watches the processes of a control room: server, worker, simulator, web.

1. The data directory is locked (embedded server only): one control room per directory.
2. The port is opened here and handed to the web process, so that a web process that must be
   started again refuses no browser in between.
3. The server is started or joined, then the children; what ends is started again.
4. SIGINT, SIGTERM or SIGHUP end all in order; a supervisor killed outright takes them with it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import redis

from dashboard.config import Settings
from dashboard.errors import BadSettings, SourceUnavailable
from dashboard.roles import Role
from data_sources.child import SETTINGS_EXIT, Child
from data_sources.connect import open_client, shown
from data_sources.data_lock import DataLock
from data_sources.embedded import EmbeddedServer
from data_sources.leash import KERNEL_KILLS, end_with_parent
from data_sources.sites import site_folder
from data_sources.watchdog import Watchdog

LOOK_S = 0.1
STOP_S = 4.0  # for the children; the server has its own time after them
SERVER_AGAIN_S = 5.0  # between attempts to start a server that will not start
ROOT = Path(__file__).parent.parent


class Supervisor:
    """web_command: the web process; the number of its listening socket is added."""

    def __init__(self, settings: Settings, web_command: list[str]) -> None:
        self.settings = settings
        self._web_command = web_command
        self._server = EmbeddedServer(settings.data_dir) if settings.embedded else None
        self._children: list[Child] = []
        self._watchdog: Watchdog | None = None
        self._stop = threading.Event()
        self._hurry = False
        self._waiting = True  # in a long wait that a signal shall cut short

    def run(self) -> int:
        """Until told to end; the exit code. Raises OpsError for what must be put right first."""
        site_folder(self.settings.site)
        lock = self._lock() if self._server else None
        listener = _listen(self.settings)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_end)
        if "MAKELEVEL" in os.environ:  # a killed `make run` must not leave us behind
            end_with_parent()
        try:
            self._wait_for_server()
            self._children = self._make_children(listener.fileno())
            self._greet()
            return self._watch()
        except KeyboardInterrupt:
            return 0
        finally:
            self._waiting = False
            listener.close()
            self._end()
            if lock:
                lock.close()

    def _told_to_end(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = self._stop.is_set()  # told twice
        self._stop.set()
        if self._waiting:
            raise KeyboardInterrupt

    def _lock(self) -> DataLock:
        folder = self.settings.data_dir
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = DataLock(folder / "app.lock")
        except OSError as error:
            raise BadSettings(f"DATA_DIR={str(folder)!r}: {error.strerror}") from error
        if not lock.take():
            raise SourceUnavailable(
                f"Another control room ({lock.read()}) already uses {folder}. "
                "End it, or choose another DATA_DIR and PORT."
            )
        lock.write(f"process {os.getpid()}, {_address(self.settings)}")
        return lock

    def _wait_for_server(self) -> None:
        """The embedded server is started; a real one may still be on its way up."""
        if self._server:
            self._start_server(self._server)
            return
        url, said = str(self.settings.redis_url), ""
        while problem := _problem_with(url):
            if problem != said:
                say(f"waiting for {shown(url)}: {problem}")
            said = problem
            time.sleep(1.0)

    def _start_server(self, server: EmbeddedServer) -> None:
        if server.pid:
            self._release(server.pid)
        server.start()
        if server.adopted_pid:
            say(f"joined the server already running on {server.socket}")
        if server.pid and (server.adopted_pid or not KERNEL_KILLS):
            self._hold(server.pid)

    def _hold(self, pid: int) -> None:
        """Makes sure a process ends with us where the kernel does not."""
        self._watchdog = self._watchdog or Watchdog()
        self._watchdog.add(pid)

    def _release(self, pid: int) -> None:
        if self._watchdog:
            self._watchdog.remove(pid)

    def _make_children(self, listener: int) -> list[Child]:
        env = _environment(self.settings, self._server)
        run = [sys.executable, "-m"]
        children = [Child("worker", [*run, "data_sources.worker"], env)]
        if self.settings.simulator:
            command = [*run, "data_sources.simulator"]
            children.append(Child("simulator", command, env, may_finish=True))
        web = [*self._web_command, str(listener)]
        children.append(Child("web", web, env, pass_fds=(listener,)))
        if not KERNEL_KILLS:
            for child in children:
                child.on_start, child.on_end = self._hold, self._release
        return children

    def _greet(self) -> None:
        say(f"starting on {_address(self.settings)} (Ctrl-C ends it)")
        if self._server:
            say(f"field streams on unix://{self._server.reach()}, data in {self._server.data_dir}")
        else:
            say(f"field streams on {shown(str(self.settings.redis_url))}")
        if self.settings.demo:
            say(_who(self.settings))

    def _watch(self) -> int:
        next_try = 0.0
        while True:
            if self._server and not self._server.alive() and time.monotonic() >= next_try:
                next_try = time.monotonic() + SERVER_AGAIN_S
                self._revive(self._server)
            for child in self._children:
                if child.look(say) == SETTINGS_EXIT:
                    return SETTINGS_EXIT
            self._waiting = False
            if self._stop.wait(LOOK_S):
                say("ending")
                return 0

    def _revive(self, server: EmbeddedServer) -> None:
        say("the embedded server ended; starting it again")
        self._waiting = True
        try:
            self._start_server(server)
        except SourceUnavailable as error:
            say(str(error))
        self._waiting = False

    def _end(self) -> None:
        for child in self._children:
            child.end()
        deadline = time.monotonic() + STOP_S
        while not all(child.ended for child in self._children):
            if self._hurry or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for child in self._children:
            child.kill()
        if self._server:
            self._server.stop()
        if self._watchdog:
            self._watchdog.dismiss()


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _who(settings: Settings) -> str:
    """The web process tells passwords it has just made up itself; nobody knows them later."""
    names = ", ".join(role.value for role in Role)
    if settings.demo_password:
        return f"sign in as {names} with DEMO_PASSWORD"
    return f"sign in as {names} (lost a password? DEMO_PASSWORD=… sets it at the next start)"


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        raise SourceUnavailable(
            f"Cannot listen on {_address(settings)}: {os.strerror(error.errno or 0)}. "
            "End what uses the port, or choose another PORT."
        ) from error


def _problem_with(url: str) -> str | None:
    """None: it answers. Raises BadSettings if it does but does not know us."""
    client = open_client(url)
    try:
        client.ping()
    except redis.AuthenticationError as error:
        raise BadSettings(f"REDIS_URL={shown(url)!r}: {error}") from error
    except redis.RedisError as error:
        return str(error)
    finally:
        client.close()
    return None


def _environment(settings: Settings, server: EmbeddedServer | None) -> dict[str, str]:
    """What the children see: the same settings, with the server as it was found."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    ours = {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONUNBUFFERED": "1",
        "DATA_DIR": str(settings.data_dir),
        "SIMULATOR": "1" if settings.simulator else "0",
    }
    if server:
        ours |= {"REDIS_URL": server.url, "EMBEDDED": "1"}
    return {**os.environ, **ours}
