"""Answers for the KPI page, from its address. Twin: layouts/kpis."""

from callbacks.kpis.page import register

__all__ = ["register"]
