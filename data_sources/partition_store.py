"""Step 7: storing one partition. Load the picture, commit what a batch changed.

A commit is one Lua call (commit.lua): it is refused when another worker took the partition
(its epoch moved on) or the read positions are not those this worker read from. On any doubt
the caller throws its picture away and loads again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import redis

from dashboard.deltas import StreamCount
from dashboard.errors import NotOurPartition, SourceUnavailable
from dashboard.records import OrderView, Registration
from dashboard.site import Site
from dashboard.stream.alerts import AlertRecord, Waiting
from dashboard.stream.cards import Card
from dashboard.stream.counts import IncidentRecord, TrafficRecord
from dashboard.stream.devices import DeviceRecord
from dashboard.stream.picture import STREAMS, Clock, Picture
from dashboard.stream.rollups import Cell, Group, Place
from data_sources import keys
from data_sources.commit_ops import Ops

_CLAIM = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return redis.call('INCR', KEYS[2])
end
return 0
"""
_LUA = (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")
_CELL: msgspec.msgpack.Decoder[Cell] = msgspec.msgpack.Decoder(dict[int, dict[str, int]])
_KEPT_HOURS = 400
_ORDERS_AT_ONCE = 1_000
T = TypeVar("T")


class PartitionStore:
    def __init__(self, client: redis.Redis, partition: int, worker: str, site: Site) -> None:
        self.partition = partition
        self.positions: dict[str, bytes] = {}
        self.epoch = 0
        self._redis = client
        self._worker = worker
        self._site = site
        self._claim = client.register_script(_CLAIM)
        self._commit = client.register_script(_LUA)
        self._hours: dict[tuple[str, int], dict[bytes, bytes]] = {}

    def claim(self) -> bool:
        """Try to become the owner; the new epoch shuts every earlier owner out."""
        p = self.partition
        names = [keys.lease(p), keys.epoch(p)]
        self.epoch = int(cast(int, self._claim(keys=names, args=[self._worker, keys.LEASE_MS])))
        return self.epoch > 0

    def owner(self) -> str:
        name = cast("bytes | None", self._redis.get(keys.lease(self.partition)))
        return name.decode() if name else ""

    def load(self) -> Picture:
        picture = Picture(self._site, self.fetch_cell)
        self._hours.clear()
        self.positions = {s: b"0-0" for s in (*STREAMS, "canary")}
        stored = self._hash("positions")
        self.positions.update({name.decode(): at for name, at in stored.items()})
        picture.registrations = self._records("registry", Registration)
        picture.devices = self._records("devices", DeviceRecord)
        picture.alerts = self._records("alerts", AlertRecord)
        picture.waiting = self._records("waiting", Waiting)
        picture.incidents = self._records("incidents", IncidentRecord)
        picture.traffic = self._records("traffic", TrafficRecord)
        self._load_counts(picture)
        self._load_orders(picture)
        self._load_groups(picture)
        meta = self._hash("meta")
        if b"clock" in meta:
            picture.clock = msgspec.msgpack.decode(meta[b"clock"], type=Clock)
        picture.restore()
        return picture

    def commit(self, picture: Picture, read: Mapping[str, bytes], ops: Ops) -> None:
        """Store a batch; `read` is the last entry id taken from each stream.

        Raises NotOurPartition when someone else owns it, SourceUnavailable when the outcome
        is not known. After either the picture must be loaded again.
        """
        p = self.partition
        moved = [(name, self.positions[name], at) for name, at in read.items()]
        head: list[Any] = [self.epoch, self._worker, keys.LEASE_MS, len(moved)]
        for name, before, after in moved:
            head += (name, before, after)
        names = [keys.epoch(p), keys.lease(p), keys.state(p, "counters"),
                 keys.state(p, "positions"), *ops.keys]  # fmt: skip
        try:
            answer = self._commit(keys=names, args=head + ops.args)
        except redis.RedisError as error:
            raise SourceUnavailable(f"commit of partition {p}: {error}") from error
        if answer != b"OK":
            raise NotOurPartition(f"partition {p}: {cast(bytes, answer).decode()}")
        self.positions.update(read)
        self._remember_cells(ops)

    def fetch_cell(self, place: Place) -> Cell:
        """A rollup cell as stored; a whole hour is fetched at once, since more will follow."""
        kind, n, zone = place
        stored = self._hours.get((kind, n))
        if stored is None:
            self._put_hours_away()
            stored = self._hash_of(keys.rollup(self.partition, kind, n))
            self._hours[kind, n] = stored
        raw = stored.get(zone.encode())
        return _CELL.decode(raw) if raw else {}

    def _put_hours_away(self) -> None:
        """All when they are many, and those that Redis no longer keeps."""
        now_ms = time.time() * 1000
        few = len(self._hours) <= _KEPT_HOURS
        self._hours = {
            period: zones
            for period, zones in self._hours.items()
            if few and keys.rollup_ends_ms(*period) > now_ms
        }

    def _remember_cells(self, ops: Ops) -> None:
        for (kind, n, zone), raw in ops.cells:
            if (kind, n) in self._hours:
                self._hours[kind, n][zone.encode()] = raw

    def _load_counts(self, picture: Picture) -> None:
        stored = self._hash("counters")
        for name in STREAMS:
            if raw := stored.get(name.encode()):
                picture.counts[name] = msgspec.msgpack.decode(raw, type=StreamCount)

    def _load_orders(self, picture: Picture) -> None:
        """Of all orders ever those the workshop works with."""
        picture.workshop.cards = self._records("cards", Card)
        names, key = list(self._hash("orders_now")), keys.state(self.partition, "orders")
        decode = msgspec.msgpack.Decoder(OrderView).decode
        for at in range(0, len(names), _ORDERS_AT_ONCE):
            some = names[at : at + _ORDERS_AT_ONCE]
            for name, raw in zip(some, self._fields_of(key, some), strict=True):
                if raw is not None:
                    picture.workshop.shelf.orders[name.decode()] = decode(raw)

    def _load_groups(self, picture: Picture) -> None:
        stored = self._hash("groups")
        for number in range(len(stored)):
            raw = stored[str(number).encode()]
            group = Group(*msgspec.msgpack.decode(raw, type=tuple[str, ...]))
            picture.rollups.groups.append(group)
            picture.rollups.numbers[group] = number
        for field, raw in self._hash("groups_now").items():
            picture.ledger.now_counts[int(field)] = msgspec.msgpack.decode(raw, type=list[int])

    def _records(self, part: str, type_: type[T]) -> dict[str, T]:
        decode = msgspec.msgpack.Decoder(type_).decode
        return {name.decode(): decode(raw) for name, raw in self._hash(part).items()}

    def _hash(self, part: str) -> dict[bytes, bytes]:
        return self._hash_of(keys.state(self.partition, part))

    def _fields_of(self, key: str, names: list[bytes]) -> list[bytes | None]:
        try:
            return cast("list[bytes | None]", self._redis.hmget(key, names))
        except redis.RedisError as error:
            raise SourceUnavailable(f"reading {key}: {error}") from error

    def _hash_of(self, key: str) -> dict[bytes, bytes]:
        try:
            return cast("dict[bytes, bytes]", self._redis.hgetall(key))
        except redis.RedisError as error:
            raise SourceUnavailable(f"reading {key}: {error}") from error
