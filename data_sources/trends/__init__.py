"""Answers for the trends page and its API: `sources.trends` (desk.py)."""

from data_sources.trends.desk import TrendDesk

__all__ = ["TrendDesk"]
