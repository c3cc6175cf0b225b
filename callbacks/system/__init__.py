"""The System page. Twin: layouts/system.py."""

from callbacks.system.page import register

__all__ = ["register"]
