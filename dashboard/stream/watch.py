"""Which of a device's states holds at a moment, from its signs of life: one automaton, used twice.

The *shown* watch runs at the watermark and hears messages as they come (newest wins). The
*ledger* watch runs a grace behind it and hears them in order of event time, so that seconds
in a state do not depend on the order of arrival. Both judge by the same rules:

1. out of service when an operator said so;
2. unknown when never heard, or while the whole feed is stale;
3. behind a dead gateway: unknown, not offline, unless heard since the gateway fell silent;
4. offline when silent for more than max(3 x heartbeat, 60 s), dated back to the last sign of
   life + heartbeat; silence counts from the moment the feed, or the gateway, came back;
5. unknown while waiting to be heard after such a come-back;
6. else what it last said: ok or fault.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from dashboard.records import Status
from dashboard.stream.vitals import FAULT, LAMP_OFF, NEVER, OK, UNHEARD, Beat, Vitals

_SAID: dict[int, int] = {OK: Status.OK, LAMP_OFF: Status.OK, FAULT: Status.FAULT}
Changed = Callable[[str, Vitals, int, int], None]  # device, vitals, old status, old since
CatchUp = Callable[[str, int], None]  # device, until when


def _nothing_waits(_device_id: str, _until_ms: int) -> None: ...


class Watch:
    """All devices of a partition at one moment (`now_ms`, feed time; it never goes back).

    vitals are shared with the caller; `changed` is called after every change of a status or
    of the gateway it is behind;
    `catch_up` before a device is judged, for signs of life that were not passed on yet.
    """

    def __init__(self, changed: Changed, catch_up: CatchUp = _nothing_waits) -> None:
        self.vitals: dict[str, Vitals] = {}
        self.beats: dict[str, Beat] = {}
        self.children: dict[str, set[str]] = {}
        self.now_ms = NEVER
        self.resumed_ms = NEVER  # when the whole feed last came back
        self.stale = False
        self._changed = changed
        self._catch_up = catch_up
        self._deadlines: list[tuple[int, str]] = []
        self._armed: set[str] = set()
        self._quiet_gateways: dict[str, bool] = {}  # True: dead, False: only suspect

    def adopt(self, device_id: str, vitals: Vitals, beat: Beat) -> None:
        """Take a device in, or its new registration; judge() it afterwards."""
        old = self.beats.get(device_id)
        if old and old.gateway_id != beat.gateway_id:
            self.children.get(old.gateway_id, set()).discard(device_id)
        if beat.gateway_id:
            self.children.setdefault(beat.gateway_id, set()).add(device_id)
        self.vitals[device_id] = vitals
        self.beats[device_id] = beat
        self._arm(device_id, vitals)

    def hear(self, device_id: str, told: int, told_ms: int, life_ms: int) -> None:
        """A sign of life. An older statement still counts as life, but says nothing new."""
        vitals = self.vitals[device_id]
        if told_ms >= vitals.told_ms:
            if told != vitals.told:
                vitals.told_since_ms = told_ms
            vitals.told, vitals.told_ms = told, told_ms
        if life_ms > vitals.life_ms:
            vitals.life_ms = life_ms
        if self._quiet_gateways and device_id in self._quiet_gateways:
            self._gateway_is_back(device_id, vitals)
        if vitals.status != _SAID.get(vitals.told) or self.stale:
            self.judge(device_id)
        self.stay_awake(device_id, vitals)

    def is_quiet_gateway(self, device_id: str) -> bool:
        return device_id in self._quiet_gateways

    def stay_awake(self, device_id: str, vitals: Vitals) -> None:
        """After a sign of life: make sure its next silence will be noticed."""
        if device_id not in self._armed:
            self._arm(device_id, vitals)

    def put_out_of_service(self, device_id: str, since_ms: int | None) -> None:
        """since_ms None: back to service."""
        self.vitals[device_id].out_ms = since_ms
        self.judge(device_id)

    def advance(self, now_ms: int) -> None:
        """Let feed time pass: everyone silent for too long is judged again."""
        if now_ms <= self.now_ms:
            return
        while self._deadlines and self._deadlines[0][0] < now_ms:
            due_ms, device_id = heapq.heappop(self._deadlines)
            self.now_ms = max(self.now_ms, due_ms + 1)  # each is judged at its own moment
            self._armed.discard(device_id)
            self._is_due(device_id)
        self.now_ms = now_ms

    def pause(self) -> None:
        """The whole feed fell silent: nothing is known of anyone."""
        self.stale = True
        self.judge_all()

    def resume(self, at_ms: int) -> None:
        self.stale = False
        self.resumed_ms = at_ms
        self._quiet_gateways.clear()  # their silence counts anew as well
        self.judge_all()

    def restore(self) -> None:
        """After adopting devices whose status is already right: who is quiet, who is due."""
        for device_id, vitals in self.vitals.items():
            if self.beats[device_id].is_gateway:
                self._gateway_is_due(device_id)
            self._arm(device_id, vitals)

    def judge_all(self) -> None:
        for device_id in list(self.vitals):
            self.judge(device_id)
            self._arm(device_id, self.vitals[device_id])

    def judge(self, device_id: str) -> None:
        self._catch_up(device_id, self.now_ms)
        vitals = self.vitals[device_id]
        status, since_ms, behind = self._verdict(vitals, self.beats[device_id])
        if status == vitals.status and behind == vitals.behind:
            return
        old, old_since = vitals.status, vitals.since_ms
        if status != old:
            planned = old == Status.OUT_OF_SERVICE  # that time stays what it was
            vitals.since_ms = max(since_ms, self.now_ms) if planned else since_ms
        vitals.status, vitals.behind = status, behind
        self._changed(device_id, vitals, old, old_since)

    def is_dead(self, gateway_id: str) -> bool:
        """Silent for longer than its own limit, whatever is shown of it."""
        return self._quiet_for(gateway_id) > self.beats[gateway_id].silence_ms

    def _verdict(self, vitals: Vitals, beat: Beat) -> tuple[int, int, str]:
        if vitals.out_ms is not None:
            return Status.OUT_OF_SERVICE, vitals.out_ms, ""
        if vitals.told == UNHEARD or self.stale:
            return Status.UNKNOWN, self.now_ms if self.stale else vitals.since_ms, ""
        base_ms = self.resumed_ms
        gateway = self.vitals.get(beat.gateway_id) if beat.gateway_id else None
        quiet_ms, lost_ms = 0, NEVER
        if gateway is not None and gateway.told != UNHEARD:
            gateway_beat = self.beats[beat.gateway_id]
            base_ms = max(base_ms, gateway.resumed_ms)
            lost_ms = gateway.life_ms + gateway_beat.heartbeat_ms
            quiet_ms = self._quiet_for(beat.gateway_id)
            if quiet_ms > gateway_beat.silence_ms and vitals.life_ms <= lost_ms:
                return Status.UNKNOWN, lost_ms, beat.gateway_id
        if self.now_ms - max(vitals.life_ms, base_ms) > beat.silence_ms:
            if gateway is not None and quiet_ms > 2 * self.beats[beat.gateway_id].heartbeat_ms:
                return Status.UNKNOWN, max(vitals.life_ms, lost_ms), beat.gateway_id
            return Status.OFFLINE, max(vitals.life_ms + beat.heartbeat_ms, base_ms), ""
        if vitals.life_ms < base_ms:
            return Status.UNKNOWN, base_ms, ""
        return _SAID[vitals.told], max(self._told_from(vitals), base_ms), ""

    def _told_from(self, vitals: Vitals) -> int:
        """Start of ok or fault: the change of what it says, or the message that brought it back."""
        back = vitals.status in (Status.OFFLINE, Status.UNKNOWN)
        return vitals.told_ms if back else vitals.told_since_ms

    def _quiet_for(self, gateway_id: str) -> int:
        return self.now_ms - max(self.vitals[gateway_id].life_ms, self.resumed_ms)

    def _arm(self, device_id: str, vitals: Vitals) -> None:
        if vitals.told == UNHEARD or device_id in self._armed:
            return
        due_ms = self._due_ms(device_id, vitals)
        if due_ms >= self.now_ms:
            self._armed.add(device_id)
            heapq.heappush(self._deadlines, (due_ms, device_id))

    def _due_ms(self, device_id: str, vitals: Vitals) -> int:
        """When silence would next change something: gateways are suspect before they are dead."""
        beat = self.beats[device_id]
        base_ms = self.resumed_ms
        if beat.gateway_id and (gateway := self.vitals.get(beat.gateway_id)) is not None:
            base_ms = max(base_ms, gateway.resumed_ms)
        heard_ms = max(vitals.life_ms, base_ms)
        if beat.is_gateway and heard_ms + 2 * beat.heartbeat_ms >= self.now_ms:
            return heard_ms + 2 * beat.heartbeat_ms
        return heard_ms + beat.silence_ms

    def _is_due(self, device_id: str) -> None:
        vitals = self.vitals[device_id]
        told = vitals.told
        self._catch_up(device_id, self.now_ms)
        heard = self._due_ms(device_id, vitals) >= self.now_ms
        if heard and told == vitals.told and not self.beats[device_id].is_gateway:
            self._arm(device_id, vitals)
            return
        self.judge(device_id)
        if self.beats[device_id].is_gateway:
            self._gateway_is_due(device_id)
        self._arm(device_id, vitals)

    def _gateway_is_due(self, gateway_id: str) -> None:
        beat = self.beats[gateway_id]
        quiet_ms = self._quiet_for(gateway_id)
        if self.vitals[gateway_id].told != UNHEARD and quiet_ms > 2 * beat.heartbeat_ms:
            self._quiet_gateways[gateway_id] = quiet_ms > beat.silence_ms
            self._judge_children(gateway_id)

    def _gateway_is_back(self, gateway_id: str, vitals: Vitals) -> None:
        if self._quiet_for(gateway_id) > 2 * self.beats[gateway_id].heartbeat_ms:
            return
        if self._quiet_gateways.pop(gateway_id):
            vitals.resumed_ms = min(vitals.life_ms, self.now_ms)  # a run may end later
        self._judge_children(gateway_id)

    def _judge_children(self, gateway_id: str) -> None:
        for child_id in sorted(self.children.get(gateway_id, ())):
            if child_id in self.vitals:
                self.judge(child_id)
                self._arm(child_id, self.vitals[child_id])
