"""Pilots of the living lab: what was tried where, and whether anything can be said of it."""
