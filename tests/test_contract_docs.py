"""The contract in docs/ says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from dashboard.records import AlertState, OrderCause, OrderState, Status
from dashboard.stream import schemas
from dashboard.stream.kinds import SCHEMAS, AlertType, Category

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "CONTRACT.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_it_ships_the_schema_the_code_decodes_by(kind: str) -> None:
    """After changing a message: python -m tests.test_contract_docs writes them anew."""
    assert (DOCS / "schemas" / f"{kind}.json").read_text("utf-8") == schemas.text_of(kind)


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_it_documents_every_field(kind: str) -> None:
    section = TEXT.split(f"**{kind}**")[1].split("\n\n")[0]
    for field in msgspec.structs.fields(SCHEMAS[kind]):
        if field.encode_name != "v":
            assert re.search(rf"\b{field.encode_name}\b", section), field.encode_name


def test_it_documents_every_word_a_message_may_use() -> None:
    for words in (AlertType, Category):
        for word in words.__args__:
            assert f"`{word}`" in TEXT
    for word in [*AlertState, *OrderState, *OrderCause, *(status.word for status in Status)]:
        assert f"`{word}`" in TEXT


def write() -> None:
    for kind in schemas.KINDS:
        (DOCS / "schemas" / f"{kind}.json").write_text(schemas.text_of(kind), encoding="utf-8")


if __name__ == "__main__":
    write()
