"""Pilots of the living lab: their definitions and evaluations, `sources.pilots` (desk.py)."""

from data_sources.pilots.desk import PilotDesk

__all__ = ["PilotDesk"]
