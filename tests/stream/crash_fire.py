"""Two workers on one server, and a random hand that kills."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from data_sources.embedded import EmbeddedServer
from data_sources.leash import leashed

ROOT = Path(__file__).parent.parent.parent


class Fire:
    def __init__(self, server: EmbeddedServer, seed: int) -> None:
        self.server = server
        self.rng = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.workers = [self._worker(), self._worker()]

    def _worker(self) -> subprocess.Popen[bytes]:
        env = {**os.environ, "REDIS_URL": self.server.url, "SITE": "goyang", "SIMULATOR": "0"}
        log = self.server.data_dir / "workers.log"
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "data_sources.worker"], cwd=ROOT, env=env, stderr=out,
                **leashed(),
            )  # fmt: skip

    def strike(self) -> None:
        chance = self.rng.random()
        if chance < 0.15:
            self._kill_server()
        elif chance < 0.3:
            self._pause_a_worker()
        else:
            self._kill_a_worker()

    def _kill_a_worker(self) -> None:
        n = self.rng.randrange(len(self.workers))
        self.workers[n].kill()
        self.workers[n].wait()
        self.workers[n] = self._worker()
        self.kills["worker"] += 1

    def _pause_a_worker(self) -> None:
        """Long enough to be overtaken: what it wanted to commit must be refused afterwards."""
        worker = self.rng.choice(self.workers)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(2.0)
        worker.send_signal(signal.SIGCONT)
        self.kills["pause"] += 1

    def _kill_server(self) -> None:
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while self.server.alive():
            time.sleep(0.01)
        self.server.start()
        self.kills["redis"] += 1

    def out(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
