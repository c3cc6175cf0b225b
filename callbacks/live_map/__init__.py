"""The live map page. Twin: layouts/live_map.py."""

from callbacks.live_map.page import register

__all__ = ["register"]
