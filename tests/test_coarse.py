"""What roles without exact points are told, field by field."""

from __future__ import annotations

import msgspec

from dashboard.coarse import Veil, coarse_alert, coarse_device, hide_few
from dashboard.records import AlertEvent, AlertView, DeviceView

VEIL = Veil(b"secret")


def test_every_field_of_an_alert_is_either_known_harmless_or_left_out() -> None:
    """A field added later must be decided on: it fails here until it is."""
    harmless = {
        "type", "priority", "state", "raised_ms", "version", "state_version", "latching", "zone",
        "route_id", "confidence", "cap_status", "acknowledged_ms", "acknowledged_by", "owner",
        "cleared_ms", "closed_ms", "verdict", "arrived_ms", "children",
    }  # fmt: skip
    changed = {"alert_id", "device_id", "lon", "lat", "note", "history"}
    assert harmless | changed == set(AlertView.__struct_fields__)


def test_nothing_of_the_device_survives_in_an_alert() -> None:
    history = [AlertEvent(1, "note", "kim", note="at B-0117", action_id="B-0117-x")]
    point = {"device_id": "B-0117", "lon": 126.78, "lat": 37.66, "note": "B-0117"}
    alert = AlertView("B-0117-2026", "bell", 1, "acknowledged", 1, zone="Z", route_id="R-1",
                      history=history, **point)  # fmt: skip
    text = msgspec.json.encode(coarse_alert(alert, VEIL)).decode()
    assert "B-0117" not in text and "126.78" not in text and "37.66" not in text
    assert "R-1" in text and "kim" in text


def test_opaque_ids_are_stable_for_one_secret_and_useless_without() -> None:
    assert VEIL.name("B-0117-2026") == Veil(b"secret").name("B-0117-2026")
    assert VEIL.name("B-0117-2026") != Veil(b"another").name("B-0117-2026")


def test_a_lamp_that_calls_for_help_is_not_shown() -> None:
    view = DeviceView("L-1", 4, lamp_mode="sos_blink", lamp_on=True, tamper=True, lux=3.0,
                      faults=["tamper", "driver"])  # fmt: skip
    told = coarse_device(view)
    assert (told.lamp_mode, told.lamp_on, told.tamper, told.lux) == ("", None, False, None)
    assert told.faults == ["driver"] and told.status == 4


def test_few_are_hidden_and_cannot_be_subtracted() -> None:
    assert hide_few({"a": 9, "b": 2, "c": 3}) == {"a": 9, "b": None, "c": None}
    assert hide_few({"a": 9, "b": 2, "c": 30}) == {"a": None, "b": None, "c": 30}
    assert hide_few({"a": 9, "b": 0}) == {"a": 9, "b": 0}
    assert hide_few({}) == {}
