"""Trends that stand up: incidents in time and place, foot traffic, pilots.

Pure functions over documented DataFrames (frame.py for incidents, foot.py for foot traffic); a
method is one module, named as the field names it. A library does it where one does it well
(docs/decisions/0014-trend-methods.md); every picture says what it rests on, and nothing where
there is nothing to say.
"""
