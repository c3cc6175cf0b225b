"""The work orders page. Twin: layouts/orders."""

from callbacks.orders.page import register

__all__ = ["register"]
