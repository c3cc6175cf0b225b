"""CSV and XLSX as a spreadsheet reads them: nothing is a formula, numbers are numbers."""

from __future__ import annotations

import csv
import io

import openpyxl

from layouts.exports.files import Sheet, csv_bytes, xlsx_bytes

EVIL = ['=cmd|"/C calc"!A0', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "\n=1"]


def test_no_cell_of_a_csv_is_a_formula() -> None:
    sheet = Sheet("x", ["=head"], [[evil, -1.5, None] for evil in EVIL])
    text = csv_bytes(sheet, [(evil, evil) for evil in EVIL]).decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(text)))
    about, rows = told[: len(EVIL)], told[len(EVIL) + 1 :]
    assert about == [[f"'{evil}"] * 2 for evil in EVIL] and told[len(EVIL)] == []
    assert rows[0] == ["'=head"]
    assert [row[0] for row in rows[1:]] == [f"'{evil}" for evil in EVIL]
    assert {row[1] for row in rows[1:]} == {"-1.5"} and {row[2] for row in rows[1:]} == {""}


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    told = [[evil, "http://example.org", "12"] for evil in EVIL]
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_bytes([Sheet("=a/b", ["=head", "b", "c"], told)]))
    )
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        assert {cell.data_type for cell in row} == {"s"} and not any(c.hyperlink for c in row)
    assert sheet["C2"].value == "12"
    first = [cell.value.replace("_x000D_", "\r") for cell in sheet["A"][1:]]
    assert [value.strip() for value in first] == [evil.strip() for evil in EVIL]


def test_numbers_stay_numbers_and_what_is_not_one_is_empty() -> None:
    sheet = Sheet("x", ["a", "b", "c"], [[1, 0.25, None], [2, float("nan"), ""]])
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet]))).worksheets[0]
    assert [page["A2"].value, page["B2"].value, page["C2"].value] == [1, 0.25, None]
