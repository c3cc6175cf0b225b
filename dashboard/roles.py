"""Who may do what: one table, read by every server-side door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    DUTY = "duty"  # police duty officer
    OPERATOR = "operator"  # the corporation's control room
    MANAGER = "manager"  # answers for equipment and vendors
    EXECUTIVE = "executive"
    ADMIN = "admin"  # engineers: accounts and the system itself


class Permission(StrEnum):
    LIVE_MAP_SEE = "live_map.see"  # the city picture, at the precision of the role
    EXACT_POINTS_SEE = "exact_points.see"  # exact place and device of alerts and incidents
    INCIDENTS_SEE = "incidents.see"  # incident density and trend
    INCIDENT_CODES_SEE = "incident_codes.see"  # 112 codes
    ALERTS_ACT = "alerts.act"  # acknowledge, assign, release, note, close
    DEVICES_ACT = "devices.act"  # out of service and back
    SYSTEM_SEE = "system.see"
    REJECTED_RESEND = "rejected.resend"
    FEEDS_SEE = "feeds.see"  # /api/v1/feeds: counters and lag, no personal data
    USERS_MANAGE = "users.manage"
    KPIS_SEE = "kpis.see"  # figures of the KPI page, by group
    DEVICES_SEE = "devices.see"  # one device's year; which devices a figure is made of
    ORDERS_SEE = "orders.see"  # work orders
    ORDERS_ACT = "orders.act"  # assign, wait for parts, repaired, note
    ORDERS_DECIDE = "orders.decide"  # cancel; leave out of the contract's figures
    PILOTS_DEFINE = "pilots.define"  # define, change and withdraw pilots of the living lab
    WEEKLY_SEE = "weekly.see"  # the executive's week, its PDF, the archive
    WEEKLY_DECIDE = "weekly.decide"  # ask executives for decisions
    WEEKLY_MAIL = "weekly.mail"  # who gets the week by mail, and a dry run of it
    EXPORTS_MAKE = "exports.make"  # CSV and XLSX, with a reason, on record


_P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.DUTY: frozenset(
        {_P.LIVE_MAP_SEE, _P.EXACT_POINTS_SEE, _P.INCIDENTS_SEE, _P.INCIDENT_CODES_SEE,
         _P.ALERTS_ACT, _P.FEEDS_SEE, _P.KPIS_SEE, _P.DEVICES_SEE, _P.ORDERS_SEE,
         _P.WEEKLY_SEE, _P.EXPORTS_MAKE}
    ),
    Role.OPERATOR: frozenset(
        {_P.LIVE_MAP_SEE, _P.EXACT_POINTS_SEE, _P.INCIDENTS_SEE, _P.ALERTS_ACT, _P.DEVICES_ACT,
         _P.SYSTEM_SEE, _P.REJECTED_RESEND, _P.FEEDS_SEE, _P.KPIS_SEE, _P.DEVICES_SEE,
         _P.ORDERS_SEE, _P.ORDERS_ACT, _P.WEEKLY_SEE, _P.EXPORTS_MAKE}
    ),
    Role.MANAGER: frozenset(
        {_P.LIVE_MAP_SEE, _P.INCIDENTS_SEE, _P.FEEDS_SEE, _P.KPIS_SEE, _P.DEVICES_SEE,
         _P.ORDERS_SEE, _P.ORDERS_ACT, _P.ORDERS_DECIDE, _P.PILOTS_DEFINE,
         _P.WEEKLY_SEE, _P.WEEKLY_DECIDE, _P.WEEKLY_MAIL, _P.EXPORTS_MAKE}
    ),
    Role.EXECUTIVE: frozenset(
        {_P.LIVE_MAP_SEE, _P.INCIDENTS_SEE, _P.KPIS_SEE, _P.WEEKLY_SEE}
    ),
    Role.ADMIN: frozenset(
        {_P.LIVE_MAP_SEE, _P.EXACT_POINTS_SEE, _P.INCIDENTS_SEE, _P.SYSTEM_SEE,
         _P.REJECTED_RESEND, _P.FEEDS_SEE, _P.USERS_MANAGE, _P.KPIS_SEE, _P.DEVICES_SEE,
         _P.ORDERS_SEE, _P.WEEKLY_SEE, _P.WEEKLY_MAIL, _P.EXPORTS_MAKE}
    ),
}  # fmt: skip


def may(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]
