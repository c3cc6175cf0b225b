"""A field under fire: messages whose effect is known, written until Redis has acknowledged them."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

import redis

from data_sources import keys
from data_sources.connect import open_client
from tests.builders import Said, beat, counted, did, incident, pressed, registered

DEVICES = [f"D-{n:03}" for n in range(200)]
BROKEN = DEVICES[7::50]  # always heard, and broken long enough to be work, time and again


def story(seed: int) -> Iterator[list[Said]]:
    """Endless batches in order of time; every device registered first, then a minute a batch."""
    rng = random.Random(seed)
    yield [
        *(registered(name, "light", -60, vendor=f"V{n % 3}") for n, name in enumerate(DEVICES)),
        beat(DEVICES[0], -60),  # counting begins with the first sign of life
    ]
    minute = 0
    while True:
        batch: list[Said] = []
        for n, name in enumerate(DEVICES):
            if rng.random() < 0.03 and name not in BROKEN:
                continue  # a beat is missed now and then
            state = "fault" if rng.random() < 0.02 or _is_broken(name, minute) else "ok"
            lamp = {"lamp": {"on": rng.random() < 0.5}} if n % 4 == 0 else {}
            batch.append(beat(name, minute * 60 + n / 10, state, seq=minute, **lamp))
        alert = f"A-{minute}"
        batch.append(pressed(alert, minute * 60 + 30, device_id=rng.choice(DEVICES)))
        if minute % 2:
            batch.append(did("close", minute * 60 + 50, alert_id=alert, verdict="mistaken"))
        if minute % 15 == 0:
            batch.append(counted("D-000", minute * 60, rev=0, **{"in": rng.randint(0, 99)}))
            batch.append(incident(f"I-{minute % 60}", minute // 15, minute * 60,
                                  category=rng.choice(["theft", "stalking"])))  # fmt: skip
        batch.append(("status", b'{"v":1,"device_id":"broken'))  # type: ignore[arg-type]
        yield batch
        minute += 1


def _is_broken(name: str, minute: int) -> bool:
    """An hour in three; each of them at another time."""
    return name in BROKEN and (minute + 40 * BROKEN.index(name)) % 180 < 60


class Field(threading.Thread):
    """Writes the story; what was not acknowledged is written again, so some of it comes twice."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.acknowledged: list[Said] = []
        self.written: Counter[str] = Counter()  # at least so many, by stream
        self._url = url
        self._seed = seed

    def run(self) -> None:
        client = open_client(self._url)
        for batch in story(self._seed):
            if self.stop.is_set():
                return
            while not self._write(client, batch):
                time.sleep(0.02)
            self.acknowledged += batch
            time.sleep(0.003)

    def _write(self, client: redis.Redis, batch: list[Said]) -> bool:
        pipe = client.pipeline(transaction=False)
        for stream, message in batch:
            raw = message if isinstance(message, bytes) else json.dumps(message)
            pipe.xadd(keys.stream(0, stream), {"d": raw})
        try:
            pipe.execute()
        except redis.RedisError:
            return False
        self.written.update(stream for stream, _ in batch)
        return True
