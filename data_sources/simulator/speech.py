"""How a device says how it is: the JSON text of its status messages."""

from __future__ import annotations

from bisect import bisect_right
from math import pi, sin

from data_sources.simulator.city import City, Device
from data_sources.simulator.entry import DAY, SECOND, Entry, day_of, stamp
from data_sources.simulator.life import CODES
from data_sources.simulator.sky import daylight, sun_times

_OK, _ON, _OFF = (
    '"state":"ok"',
    '"state":"ok","lamp":{"on":true,"dim":0.8,"mode":"schedule"}',
    '"state":"ok","lamp":{"on":false,"dim":0.0,"mode":"schedule"}',
)
_BLINK = '"state":"ok","lamp":{"on":true,"dim":1.0,"mode":"sos_blink"}'


class Speech:
    def __init__(self, city: City) -> None:
        self.devices = city.devices
        self._heads = [f'{{"v":1,"device_id":"{d.id}","ts":"' for d in city.devices]

    def run(self, index: int, from_ms: int, to_ms: int, code: str | None, *, lamp: bool) -> Entry:
        """The same state all the way from from_ms to to_ms. lamp: say whether it shone."""
        device = self.devices[index]
        body = (
            f'{self._heads[index]}{stamp(from_ms)}","until":"{stamp(to_ms)}",'
            f"{_state(device, from_ms, code) if lamp or code else _OK}}}"
        )
        return Entry(from_ms, device.p, "status", body)

    def beat(self, index: int, at_ms: int, code: str | None, *, blink: bool = False) -> Entry:
        device = self.devices[index]
        state = _BLINK if blink and code is None else _state(device, at_ms, code)
        body = f'{self._heads[index]}{stamp(at_ms)}",{state}{_extras(device, at_ms)}}}'
        return Entry(at_ms, device.p, "status", body)


def _state(device: Device, at_ms: int, code: str | None) -> str:
    if code is not None:
        return f'"state":"fault","faults":["{code or CODES[device.kind][0]}"]'
    if device.kind != "light":
        return _OK
    return _ON if lamp_is_on(device, at_ms) else _OFF


def _extras(device: Device, at_ms: int) -> str:
    traits, text = device.traits, ""
    if traits.battery is not None:
        charge = traits.battery + 0.04 * sin(2 * pi * (at_ms % DAY) / DAY)
        text += f',"battery":{min(charge, 1.0):.2f}'
    if traits.rssi_dbm is not None:
        text += f',"rssi_dbm":{traits.rssi_dbm + at_ms // SECOND * 7 % 9 - 4}'
    if device.kind == "env":
        text += f',"lux":{4 + int(9_000 * daylight(at_ms, day_of(at_ms)))}'
    return text


def switch_times(device: Device, day: int) -> tuple[int, int]:
    """(off at dawn, on at dusk) of a light on a KST day."""
    rise, set_ = sun_times(day)
    shift = device.traits.switch_s * SECOND
    return (rise - shift) // SECOND * SECOND, (set_ + shift) // SECOND * SECOND


def switches(device: Device, from_ms: int, to_ms: int) -> list[int]:
    """Moments within (from_ms, to_ms) at which a light goes on or off, in order."""
    found: list[int] = []
    for day in range(day_of(from_ms) - 1, day_of(to_ms) + 2):
        found += switch_times(device, day)
    return found[bisect_right(found, from_ms) : bisect_right(found, to_ms - 1)]


def lamp_is_on(device: Device, at_ms: int) -> bool:
    off, on = switch_times(device, day_of(at_ms))
    return not off <= at_ms < on
