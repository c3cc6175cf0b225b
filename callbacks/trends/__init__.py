"""Answers for the trends page, from its address. Twin: layouts/trends."""

from callbacks.trends.page import register

__all__ = ["register"]
