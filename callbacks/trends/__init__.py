"""Answers for the trends page, from its address. Twin: layouts/trends."""
