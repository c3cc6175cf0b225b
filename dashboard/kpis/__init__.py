"""Figures a manager can defend: what they are made of, how they are worked out, what they say.

groups, facts   the raw material, as columns: sums per group and day, alerts, rounds of work
                orders, incidents
choice          the period and the part of the city a person asked for
indicators      the table of KPIs: one row each
figure          what a row answers: value, n, interval, coverage, parts
"""
