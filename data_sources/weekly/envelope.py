"""A mail as it goes over the wire: one recipient, text and HTML, the PDF attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dashboard.config import MailSettings
from dashboard.format import KST

POLICY = SMTP.clone(cte_type="7bit")  # no server has to be asked whether it takes eight


@dataclass(frozen=True, slots=True)
class Content:
    """What every reader of a language gets. pdf_name: in ASCII."""

    subject: str
    text: str
    html: str
    pdf: bytes
    pdf_name: str
    language: str
    week: str


def envelope(
    settings: MailSettings, content: Content, address: str, reader_id: str, now_ms: int
) -> EmailMessage:
    """The same Message-ID for every try, so that a server that was told twice can know it."""
    domain = settings.sender.rpartition("@")[2]
    message = EmailMessage(POLICY)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    message["To"] = address
    message["Subject"] = content.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(KST))
    message["Message-ID"] = f"<{content.week}.{reader_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content.text)
    message.add_alternative(content.html, subtype="html")
    message.add_attachment(
        content.pdf, maintype="application", subtype="pdf", filename=content.pdf_name
    )
    message["Content-Language"] = content.language  # last: what begins with Content- would move
    return message
