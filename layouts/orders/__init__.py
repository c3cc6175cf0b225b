"""The work orders page. Twin: callbacks/orders."""

from layouts.orders.page import layout

__all__ = ["layout"]
