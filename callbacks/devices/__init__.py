"""One device's year. Twin: layouts/devices."""

from callbacks.devices.page import register

__all__ = ["register"]
