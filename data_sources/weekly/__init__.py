"""The week: worked out from facts, sealed, kept and sent."""

from data_sources.weekly.desk import WeekDesk as WeekDesk
