"""The worker: read -> advance -> commit, for every partition it owns.

Reading order of a batch: batches.read_batches -> pipeline.advance -> commit_ops.ops_of ->
partition_store.commit. Whatever goes wrong, the picture is thrown away and loaded again.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import secrets
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any, cast

import redis

from dashboard.config import Settings
from dashboard.deltas import FeedState
from dashboard.errors import BadSettings, NotOurPartition, OpsError, SourceUnavailable
from dashboard.site import Site
from dashboard.stream import pipeline
from dashboard.stream.messages import Rejection
from dashboard.stream.picture import Picture
from data_sources import keys
from data_sources.batches import NAMES, Batch, prepare, read_batches
from data_sources.commit_ops import ops_of, outcome_of_resend
from data_sources.connect import open_client
from data_sources.feed_counts import feed_state, trim, written
from data_sources.partition_store import PartitionStore
from data_sources.sites import load_site

BLOCK_MS = 100
RENEW_S = 0.4
TELL_S = 1.0
TRIM_S = 10.0
CLAIM_S = 0.25
WORKER_GONE_S = 3.0
_BREAKS_US = Rejection("bad_value", "it could not be processed: a fault of the control room")


@dataclass(slots=True)
class Owned:
    store: PartitionStore
    picture: Picture
    told_s: float = 0.0
    trimmed_s: float = 0.0
    committed_s: float = field(default_factory=time.monotonic)


class Worker:
    def __init__(self, client: redis.Redis, settings: Settings, site: Site) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self.owned: dict[int, Owned] = {}
        self.stopping = False
        self._redis = prepare(client)
        self._settings = settings
        self._site = site
        self._claimed_s = 0.0

    def run(self) -> None:
        """Until told to stop. Redis being away is waited out; nothing is kept in doubt."""
        wait_s = 0.05
        while not self.stopping:
            try:
                self.turn()
                wait_s = 0.05
            except (redis.RedisError, SourceUnavailable) as error:
                _say(f"forgetting what is in memory: {error}")
                self.owned.clear()
                time.sleep(wait_s)
                wait_s = min(2 * wait_s, 1.0)
        self.release()

    def turn(self) -> None:
        self._claim_free()
        if not self.owned:
            time.sleep(CLAIM_S / 2)
            return
        positions = {
            p: {name: owned.store.positions[name] for name in NAMES}
            for p, owned in self.owned.items()
        }
        batches = read_batches(self._redis, positions, BLOCK_MS)
        for p in list(self.owned):
            try:
                self._take(p, self.owned[p], batches.get(p))
            except NotOurPartition as error:
                _say(str(error))
                del self.owned[p]

    def release(self) -> None:
        for p in self.owned:
            with contextlib.suppress(redis.RedisError):
                if self._redis.get(keys.lease(p)) == self.name.encode():
                    self._redis.delete(keys.lease(p))
        with contextlib.suppress(redis.RedisError):
            self._redis.hdel(keys.WORKERS, self.name)
        self.owned.clear()

    def _take(self, p: int, owned: Owned, batch: Batch | None) -> None:
        now_s, now_ms = time.monotonic(), int(time.time() * 1000)
        telling = now_s - owned.told_s >= TELL_S
        if batch is None and not telling and now_s - owned.committed_s < RENEW_S:
            return
        picture = owned.picture
        batch = batch or Batch()
        try:
            pipeline.advance(picture, batch.entries, now_ms, batch.drained)
        except Exception as error:  # a fault of ours that one message has found
            _say(f"a batch of partition {p} cannot be taken in whole: {error!r}")
            self._take_one_by_one(p, owned, batch)
            return
        picture.changes.canaries = _canaries(batch)
        resend = self._resendable(p, picture)
        feed = self._feed(p, owned, now_ms) if telling else None
        ops = ops_of(p, picture, feed, now_ms)
        for entry_id in resend:
            ops.send_again(keys.rejected(p), entry_id)
        if now_s - owned.trimmed_s >= TRIM_S:
            trim(ops, p, owned.store.positions | batch.read, now_ms, self._settings)
            owned.trimmed_s = now_s
        owned.store.commit(picture, batch.read, ops)
        pipeline.done(picture)
        owned.committed_s = now_s
        if telling:
            owned.told_s = now_s

    def _take_one_by_one(self, p: int, owned: Owned, batch: Batch) -> None:
        """The message that breaks us is found and rejected; those around it are taken in."""
        owned.picture = owned.store.load()
        for entry in batch.entries:
            now_ms = int(time.time() * 1000)
            try:
                pipeline.advance(owned.picture, [entry], now_ms, drained=False)
            except Exception as error:
                _say(f"rejecting {entry[1].decode()} of {entry[0]}: {error!r}")
                owned.picture = owned.store.load()
                pipeline.reject(owned.picture, entry, _BREAKS_US)
            ops = ops_of(p, owned.picture, None, now_ms)
            owned.store.commit(owned.picture, {entry[0]: entry[1]}, ops)
            pipeline.done(owned.picture)

    def _feed(self, p: int, owned: Owned, now_ms: int) -> FeedState:
        feed = feed_state(p, owned.picture, written(self._redis, p), now_ms)
        feed.owner, feed.epoch = self.name, owned.store.epoch
        return feed

    def _resendable(self, p: int, picture: Picture) -> list[str]:
        """Rejected entries to send again that are still there; the outcome is told either way."""
        found: list[str] = []
        for action_id, entry_id in picture.changes.resend:
            there = entry_id not in found and _exists(self._redis, keys.rejected(p), entry_id)
            picture.changes.outcomes.append(outcome_of_resend(action_id, entry_id, there))
            if there:
                found.append(entry_id)
        return found

    def _claim_free(self) -> None:
        """Take free partitions, up to a fair share of them among the living workers."""
        now_s = time.monotonic()
        if now_s - self._claimed_s < CLAIM_S:
            return
        self._claimed_s = now_s
        share = self._fair_share()
        for p in list(self.owned)[share:]:
            self._redis.delete(keys.lease(p))
            del self.owned[p]
        for p in range(self._settings.partitions):
            if p in self.owned or len(self.owned) >= share:
                continue
            store = PartitionStore(self._redis, p, self.name, self._site)
            if self._claims(store):
                started = time.monotonic()
                self.owned[p] = Owned(store, store.load())
                gc.collect()
                gc.freeze()
                _say(f"partition {p}: epoch {store.epoch}, "
                     f"loaded in {time.monotonic() - started:.2f} s")  # fmt: skip

    def _claims(self, store: PartitionStore) -> bool:
        """A full Redis refuses a new lease, yet lets an owner go on and make room by trimming."""
        try:
            return store.claim()
        except redis.exceptions.OutOfMemoryError:
            return False

    def _fair_share(self) -> int:
        now_s = time.time()
        with contextlib.suppress(redis.exceptions.OutOfMemoryError):
            self._redis.hset(keys.WORKERS, self.name, str(now_s))
        known = cast("dict[bytes, bytes]", self._redis.hgetall(keys.WORKERS))
        gone = [name for name, at in known.items() if now_s - float(at) > WORKER_GONE_S]
        if gone:
            self._redis.hdel(keys.WORKERS, *gone)
        living = len(known) - len(gone)
        return -(-self._settings.partitions // max(1, living))


def _exists(client: redis.Redis, key: str, entry_id: str) -> bool:
    try:
        return bool(client.xrange(key, entry_id, entry_id))
    except redis.ResponseError:
        return False  # not an entry id at all


def _canaries(batch: Batch) -> list[tuple[str, int]]:
    """Whoever can write to Redis can write nonsense: what cannot be read is passed over."""
    found: list[tuple[str, int]] = []
    for _, raw in batch.canaries:
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            said: dict[str, Any] = json.loads(raw or b"")
            found.append((str(said["id"]), int(said["ts"])))
    return found


def _say(text: str) -> None:
    print(f"worker: {text}", file=sys.stderr, flush=True)


def main() -> int:
    try:
        settings = Settings.from_env(os.environ)
        url = settings.redis_url or f"unix://{settings.socket}"
        client = open_client(url, block_ms=BLOCK_MS)
        worker = Worker(client, settings, load_site(settings.site))
    except (BadSettings, OpsError) as error:
        _say(str(error))
        return 2

    def stop(*_: object) -> None:
        worker.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
