"""Tables as files that other programs open: CSV and XLSX.

A cell that a spreadsheet would take for a formula is never one: in CSV it begins with an
apostrophe, in XLSX it is written as text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

# also as full-width letters, which some spreadsheets take for the same
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NAME_LENGTH = 31  # of a sheet in Excel
CELL_LENGTH = 2_000
WIDEST = 60
Cell = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """head: names of the columns. Times are told in the time zone they carry."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv_bytes(sheet: Sheet, about: Sequence[Sequence[Cell]]) -> bytes:
    """What the file is, as pairs; an empty line; the table. The byte order mark tells Excel that
    it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (*about, (), sheet.head, *sheet.rows):
        writer.writerow([_said(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "in_memory": True, "nan_inf_to_errors": True}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name))
            page.freeze_panes(1, 0)
            for column, word in enumerate(sheet.head):
                page.write_string(0, column, str(word), bold)
            for at, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _write(page, (at, column), cell, when)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width)
    return out.getvalue()


def _write(page: Any, place: tuple[int, int], cell: Cell, when: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(*place, cell.replace(tzinfo=None), when)
    elif isinstance(cell, str):
        page.write_string(*place, cell[:CELL_LENGTH])
    else:
        page.write_number(*place, cell)


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, str):
        text = cell[:CELL_LENGTH].replace("\x00", "")
        risky = text.lstrip().startswith(BEGINS_A_FORMULA) or text.startswith(("\t", "\r"))
        return f"'{text}" if risky else text
    return str(cell)


def _sheet_name(name: str) -> str:
    clean = "".join(" " if c in "[]:*?/\\" else c for c in name)
    return clean.strip(" '")[:NAME_LENGTH] or "1"


def _widths(sheet: Sheet) -> list[int]:
    """Korean letters are twice as wide as Latin ones."""
    widths = [_wide(str(word)) for word in sheet.head]
    for row in sheet.rows[:200]:
        for column, cell in enumerate(row):
            widths[column] = max(
                widths[column], 19 if isinstance(cell, datetime) else _wide(_said(cell))
            )
    return [min(WIDEST, width + 2) for width in widths]


def _wide(text: str) -> int:
    return sum(2 if ord(c) > 0x1100 else 1 for c in text)
