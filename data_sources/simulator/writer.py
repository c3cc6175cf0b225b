"""The edge: XADD, thousands at a time, never faster than the control room reads.

Commands are packed by hand: redis-py's own pipeline takes four times the processor time, and
a history is more than a million messages on a machine that also has to take them in.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import redis

from data_sources import keys
from data_sources.simulator.entry import Entry

CHUNK = 1_000
MOST_BEHIND = 50_000  # entries written and not yet taken in
_LOOK_S = 0.02
_AGAIN_S = 0.5

Stream = tuple[int, str]  # partition, name
EntryId = tuple[int, int]


class Writer:
    """say: called with a sentence when something holds it up, with "" when it goes on."""

    def __init__(self, client: redis.Redis, partitions: int, say: Callable[[str], None]) -> None:
        self._redis = client
        self._say = say
        self._partitions = partitions
        self._heads = {
            (p, name): _head(keys.stream(p, name))
            for p in range(partitions)
            for name in keys.STREAMS
        }
        # Per stream: (last entry id of a chunk, entries of the chunk), oldest first.
        self._unread: dict[Stream, deque[tuple[EntryId, int]]] = {s: deque() for s in self._heads}

    def write(self, entries: Sequence[Entry]) -> None:
        """Does not return before Redis has them all, however often it must be asked. A
        connection lost half-way sends some twice, which is harmless."""
        done = 0
        while done < len(entries):
            try:
                done += self._send(entries[done : done + CHUNK])
            except redis.RedisError as error:
                self._say(f"waiting for Redis: {error}")
                time.sleep(_AGAIN_S)
            else:
                self._say("")

    def wait_until_behind_at_most(self, limit: int, tell: Callable[[], None]) -> None:
        """tell is called while waiting, for signs of life."""
        while self.behind() > limit:
            tell()
            time.sleep(_LOOK_S)

    def behind(self) -> int:
        """Entries written by us that the control room has not taken in, exact to a chunk."""
        try:
            self._forget_read()
        except redis.RedisError as error:
            self._say(f"waiting for Redis: {error}")
            time.sleep(_AGAIN_S)
        return sum(count for unread in self._unread.values() for _, count in unread)

    def _forget_read(self) -> None:
        pipe = self._redis.pipeline(transaction=False)
        for p in range(self._partitions):
            pipe.hmget(keys.state(p, "positions"), list(keys.STREAMS))
        for p, positions in enumerate(pipe.execute()):
            for name, position in zip(keys.STREAMS, positions, strict=True):
                read, unread = _entry_id(position or b"0-0"), self._unread[p, name]
                while unread and unread[0][0] <= read:
                    unread.popleft()

    def _send(self, chunk: Sequence[Entry]) -> int:
        """How many were taken, in order. Raises what was said to the first refused."""
        answers = self._exchange(b"".join([self._packed(entry) for entry in chunk]), len(chunk))
        taken: dict[Stream, tuple[bytes, int]] = {}
        for number, (entry, answer) in enumerate(zip(chunk, answers, strict=True)):
            if isinstance(answer, redis.RedisError):
                self._note(taken)
                if number == 0:
                    raise answer
                return number
            stream = (entry.p, entry.stream)
            taken[stream] = (answer, taken.get(stream, (b"", 0))[1] + 1)
        self._note(taken)
        return len(chunk)

    def _exchange(self, commands: bytes, number: int) -> list[Any]:
        pool = self._redis.connection_pool
        connection: Any = pool.get_connection()
        try:
            connection.send_packed_command([commands])
            return [_answer(connection) for _ in range(number)]
        except BaseException:
            connection.disconnect()  # answers still on their way belong to nobody
            raise
        finally:
            pool.release(connection)

    def _note(self, taken: dict[Stream, tuple[bytes, int]]) -> None:
        for stream, (last, count) in taken.items():
            self._unread[stream].append((_entry_id(last), count))

    def _packed(self, entry: Entry) -> bytes:
        body = entry.body.encode()
        return b"%b%d\r\n%b\r\n" % (self._heads[entry.p, entry.stream], len(body), body)


def _head(stream: str) -> bytes:
    """`XADD stream * d ` and the start of the value, as Redis reads it."""
    words = ("XADD", stream, "*", "d")
    return b"*5\r\n" + b"".join(b"$%d\r\n%b\r\n" % (len(w), w.encode()) for w in words) + b"$"


def _answer(connection: Any) -> Any:
    """A refusal is an answer like any other; a lost connection is raised."""
    try:
        return connection.read_response()
    except redis.ResponseError as refusal:
        return refusal


def _entry_id(text: bytes) -> EntryId:
    ms, _, n = text.partition(b"-")
    return int(ms), int(n)
