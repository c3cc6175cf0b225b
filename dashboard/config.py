"""Every configured value, read once: only the entry points call from_env."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path

from dashboard.addresses import checked_address, sender_of
from dashboard.errors import BadChoice, BadSettings

PORT_OF = {"tls": 465, "starttls": 587, "none": 25, "insecure": 25}  # by SMTP_SECURITY


@dataclass(frozen=True, slots=True)
class MailSettings:
    """host "": no mail is sent. security: tls from the first byte, starttls, none (to this machine
    only), insecure (none, to anywhere). sender_name: may be "". at_min: minutes after the
    midnight of Monday in KST. coverage: share of device time that must have been heard."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    sender_name: str = ""
    at_min: int = 9 * 60
    coverage: float = 0.8

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> MailSettings:
        """Raises BadSettings, in whose words no password stands."""
        base, security = cls(), _security(env)
        given = cls(
            host=env.get("SMTP_HOST", "").strip(),
            port=_integer(env, "SMTP_PORT", PORT_OF[security], 1, 65_535),
            security=security,
            user=env.get("SMTP_USER", ""),
            password=_secret(env, "SMTP_PASSWORD") or "",
            at_min=_minutes(env, "WEEKLY_MAIL_AT", base.at_min),
            coverage=_share(env, "WEEKLY_MAIL_COVERAGE", base.coverage),
        )
        if not given.host:
            return given
        return _with_sender(env, _fit(given))


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults are those of the embedded demo.

    redis_url None means: run the embedded server with its socket at data_dir/redis.sock.
    """

    port: int = 8050
    host: str = "127.0.0.1"
    data_dir: Path = Path("data")
    redis_url: str | None = None
    partitions: int = 1
    site: str = "goyang"
    simulator: bool = True
    sim_devices: int = 10_000
    sim_rate: float = 1.0  # field messages per second relative to the believable city
    sim_history_weeks: int = 8
    sim_seed: int = 20261122
    sim_operators: bool = True
    sim_incidents: float = 27.0  # a week
    demo: bool = True  # one account per role; the supervisor tells its children by EMBEDDED=1
    demo_password: str | None = None
    tile_url: str | None = None
    live_keep_h: int = 24  # how long live deltas are kept (journal)
    field_keep_h: int = 1  # how long processed field messages are kept
    secure_cookies: bool = False  # True behind HTTPS: __Host- cookies with Secure
    public_origin: str | None = None  # https://control.example, when behind a proxy
    mail: MailSettings = MailSettings()

    @property
    def socket(self) -> Path:
        return self.data_dir / "redis.sock"

    @property
    def embedded(self) -> bool:
        """This process is the one that runs the server (its children get a redis_url)."""
        return self.redis_url is None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises BadSettings naming the variable and what it should look like."""
        base = cls()
        redis_url = env.get("REDIS_URL") or None
        return cls(
            port=_integer(env, "PORT", base.port, 1, 65_535),
            host=env.get("HOST") or base.host,
            data_dir=Path(env.get("DATA_DIR") or base.data_dir).resolve(),
            redis_url=redis_url,
            partitions=_integer(env, "PARTITIONS", base.partitions, 1, 256),
            site=env.get("SITE") or base.site,
            simulator=_switch(env, "SIMULATOR", redis_url is None),
            sim_devices=_integer(env, "SIM_DEVICES", base.sim_devices, 0, 1_000_000),
            sim_rate=_number(env, "SIM_RATE", base.sim_rate),
            sim_history_weeks=_integer(env, "SIM_HISTORY_WEEKS", base.sim_history_weeks, 0, 104),
            sim_seed=_integer(env, "SIM_SEED", base.sim_seed, 0, 2**31),
            sim_incidents=_number(env, "SIM_INCIDENTS", base.sim_incidents),
            sim_operators=_switch(env, "SIM_OPERATORS", base.sim_operators),
            demo=_switch(env, "EMBEDDED", redis_url is None),
            demo_password=_secret(env, "DEMO_PASSWORD"),
            tile_url=env.get("TILE_URL") or None,
            live_keep_h=_integer(env, "LIVE_KEEP_H", base.live_keep_h, 1, 24 * 366),
            field_keep_h=_integer(env, "FIELD_KEEP_H", base.field_keep_h, 0, 24 * 366),
            secure_cookies=_switch(env, "SECURE_COOKIES", base.secure_cookies),
            public_origin=env.get("PUBLIC_ORIGIN") or None,
            mail=MailSettings.from_env(env),
        )


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadSettings(f"{name}={text!r}: expected a whole number from {low} to {high}")
    return int(text)


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1e6:
        raise BadSettings(f"{name}={text!r}: expected a number from 0 to 1000000")
    return value


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").strip()
    if text not in ("", "0", "1"):
        raise BadSettings(f"{name}={text!r}: expected 1 or 0")
    return default if not text else text == "1"


def _secret(env: Mapping[str, str], name: str) -> str | None:
    """The variable itself, or the first line of the file named by <name>_FILE."""
    file = env.get(f"{name}_FILE")
    if not file:
        return env.get(name) or None
    try:
        return Path(file).read_text(encoding="utf-8").partition("\n")[0].strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{name}_FILE={file!r}: expected a readable text file") from error


# -- mail ------------------------------------------------------------------------------------


def _security(env: Mapping[str, str]) -> str:
    text = env.get("SMTP_SECURITY", "").strip().lower() or "starttls"
    if text not in PORT_OF:
        raise BadSettings(f"SMTP_SECURITY={text!r}: expected {', '.join(PORT_OF)}")
    return text


def _fit(mail: MailSettings) -> MailSettings:
    """What must not go together: names and passwords never travel in the open."""
    if mail.security == "none" and not _is_here(mail.host):
        raise BadSettings(
            f"SMTP_SECURITY='none' to SMTP_HOST={mail.host!r}: expected tls or starttls to another "
            "machine (or insecure, to send without encryption)"
        )
    if mail.security == "insecure" and (mail.user or mail.password):
        raise BadSettings("SMTP_SECURITY='insecure': expected tls or starttls for a password")
    if bool(mail.user) != bool(mail.password):
        raise BadSettings("SMTP_USER and SMTP_PASSWORD: expected both or neither")
    if not (mail.user + mail.password).isascii():  # SMTP has no agreed way to say others
        raise BadSettings("SMTP_USER and SMTP_PASSWORD: expected letters of ASCII only")
    return mail


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _minutes(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
    if match is None:
        raise BadSettings(f"{name}={text!r}: expected a time like 09:00")
    return int(match[1]) * 60 + int(match[2])


def _share(env: Mapping[str, str], name: str, default: float) -> float:
    share = _number(env, name, default)
    if share > 1:
        raise BadSettings(f"{name}={env[name]!r}: expected a share from 0 to 1")
    return share


def _with_sender(env: Mapping[str, str], mail: MailSettings) -> MailSettings:
    text = env.get("MAIL_FROM", "").strip()
    try:
        name, address = sender_of(text)
        return replace(mail, sender=checked_address(address), sender_name=name)
    except BadChoice as error:
        raise BadSettings(
            f"MAIL_FROM={text!r}: expected an address like safe@example.kr or "
            "Safe streets <safe@example.kr>"
        ) from error
