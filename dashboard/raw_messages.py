"""A field message as it came, for who may read it; for coarse roles what a device says of
itself alone, without anything that tells of somebody nearby."""

from __future__ import annotations

import msgspec

LONGEST = 600
COARSE_FIELDS = ("v", "device_id", "ts", "until", "seq", "state", "faults", "battery", "fw")
_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def told(raw: bytes, device_id: str, exact: bool) -> str | None:
    """None: it is not about this device, or not one that can be read."""
    if device_id.encode() not in raw:
        return None
    try:
        said = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    named = said.get("device_id") or said.get("sensor_id")
    if named is None or bytes(named) != msgspec.json.encode(device_id):
        return None
    if not exact:
        said = {name: said[name] for name in COARSE_FIELDS if name in said}
        _without_tamper(said)
        raw = msgspec.json.encode(said)
    return raw[:LONGEST].decode("utf-8", "replace")


def _without_tamper(said: dict[str, msgspec.Raw]) -> None:
    try:
        faults = msgspec.json.decode(said.get("faults", b"[]"), type=list[str])
    except msgspec.DecodeError:
        faults = []
    if "faults" in said:
        kept = [fault for fault in faults if fault != "tamper"]
        said["faults"] = msgspec.Raw(msgspec.json.encode(kept))
