from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from flows.link_files import LinkJob, link_files
from matchers.errors import LinkInputError, RuleFileError, StorageError

SPEC = "task: dedupe\ncolumns: {first: given_name, last: surname, born: birth_date, tel: phone, note: ignore}\n"
Rows = list[tuple[str, ...]]
ROWS: Rows = [
    (f"{name}{n:03}", first, last, f"19{40 + n}-0{1 + n % 9}-1{n % 9}", f"04512{n:06}", "")
    for n, (one, last) in enumerate((f, s) for f in ("anna", "bela", "carl", "dora") for s in ("lee", "roth", "sung", "toth"))
    for name, first in (("a", one), ("b", one[:-1] + "e"))
]  # fmt: skip
HEADER = ("record_id", "first", "last", "born", "tel", "note")


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    lines = [",".join(HEADER), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def write_xlsx(path: Path, rows: Rows) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, *rows]):
            sheet.write_row(at, 0, row)
    return path


def write_parquet(path: Path, rows: Rows) -> Path:
    csv = write_csv(path.with_suffix(".tmp.csv"), rows)
    duckdb.execute(f"copy (select * from read_csv('{csv}', all_varchar=true)) to '{path}' (format parquet)")
    return path


def job(folder: Path, *files: Path, spec: str = SPEC, threshold: float | None = None) -> LinkJob:
    path = folder / "spec.yaml"
    path.write_text(spec, encoding="utf-8")
    return LinkJob(spec=path, files=files, out=folder / "out", threshold=threshold)


def persons(folder: Path) -> dict[str, str]:
    return dict(duckdb.execute(f"select record_id, person_id from '{folder / 'out' / 'persons.parquet'}'").fetchall())


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_parquet], ids=["csv", "xlsx", "parquet"])
def test_a_file_of_any_format_is_linked_from_its_spec_alone(tmp_path: Path, write: object) -> None:
    suffix = {"write_csv": ".csv", "write_xlsx": ".xlsx", "write_parquet": ".parquet"}[write.__name__]  # type: ignore[attr-defined]
    summary = link_files(job(tmp_path, write(tmp_path / f"people{suffix}", ROWS)))  # type: ignore[operator]
    assert (summary["records"], summary["persons"]) == (32, 16)
    assert all(person == f"a{record[1:]}" for record, person in persons(tmp_path).items())


def test_the_model_and_the_links_explain_themselves(tmp_path: Path) -> None:
    link_files(job(tmp_path, write_csv(tmp_path / "people.csv", ROWS)))
    model = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    assert set(model["inputs"]) == {"spec.yaml", "people.csv"}
    assert model["model"]["fields"]["given_name"]["levels"][-1]["level"] == "equal"
    links = duckdb.execute(f"select * from '{tmp_path / 'out' / 'links.parquet'}'").fetchall()
    assert links


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    files = write_csv(tmp_path / "people.csv", ROWS)
    written = []
    for _ in range(2):
        link_files(job(tmp_path, files))
        written.append({p.name: p.read_bytes() for p in sorted((tmp_path / "out").iterdir()) if p.is_file()})
    assert written[0] == written[1]


def test_two_sides_of_a_link_task_meet_across_only(tmp_path: Path) -> None:
    left = write_csv(tmp_path / "left.csv", ROWS[::2])
    right = write_csv(tmp_path / "right.csv", ROWS[1::2], encoding="gb18030")
    summary = link_files(job(tmp_path, left, right, spec=SPEC.replace("dedupe", "link")))
    assert summary["persons"] == 16


def test_rows_without_an_id_are_told_apart_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("first,last,born,tel,note\nanna,lee,1980-01-02,1,\nanna,lee,1980-01-02,1,\n", encoding="utf-8")
    link_files(job(tmp_path, path))
    assert sorted(persons(tmp_path)) == ["people:000000001", "people:000000002"]


@pytest.mark.parametrize("rows", [[], ROWS[:1], [("a", "", "", "", "", ""), ("b", "", "", "", "", "")]])
def test_files_with_nothing_to_link_get_a_result(tmp_path: Path, rows: Rows) -> None:
    summary = link_files(job(tmp_path, write_csv(tmp_path / "people.csv", rows)))
    assert summary["records"] == summary["persons"] == len(rows)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("task: dedupe\ncolumns: {first: firstname}\n", "columns.first"),
        ("task: merge\ncolumns: {first: given_name}\n", "task"),
        ("task: dedupe\ncolumns: {first: sex}\n", "tell people apart"),
        ("task: dedupe\ncolumn: {first: given_name}\n", "column"),
        ("task: [", "cannot be read as YAML"),
    ],
)
def test_a_spec_that_is_none_says_where(tmp_path: Path, spec: str, said: str) -> None:
    with pytest.raises(RuleFileError, match=said):
        link_files(job(tmp_path, write_csv(tmp_path / "people.csv", ROWS), spec=spec))


@dataclass(frozen=True)
class Misfit:
    """A spec and a file that do not go together, and what is said of it; `content` None is a good file."""

    spec: str
    name: str
    content: str | None
    said: str


@pytest.mark.parametrize(
    "misfit",
    [
        Misfit(SPEC.replace("first:", "vorname:"), "people.csv", None, "no file has the columns vorname"),
        Misfit(SPEC, "people.doc", "x", "only .csv"),
        Misfit(SPEC, "people.csv", "", "is empty"),
        Misfit(SPEC, "people.parquet", "PAR1 cut off", "cannot be read"),
        Misfit(SPEC, "people.xlsx", "not a workbook", "cannot be read"),
        Misfit(SPEC + "one_row_per_person: [census]\n", "people.csv", None, "not given: census"),
        Misfit(SPEC.replace("dedupe", "link"), "people.csv", None, "at least two files"),
    ],
    ids=lambda misfit: misfit.said,
)
def test_files_that_do_not_fit_say_what_to_do(tmp_path: Path, misfit: Misfit) -> None:
    path = tmp_path / misfit.name
    if misfit.content is None:
        write_csv(path, ROWS)
    else:
        path.write_text(misfit.content, encoding="utf-8")
    with pytest.raises(LinkInputError, match=misfit.said):
        link_files(job(tmp_path, path, spec=misfit.spec))


def test_an_id_that_repeats_is_refused_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(LinkInputError, match="not unique") as refused:
        link_files(job(tmp_path, write_csv(tmp_path / "people.csv", [ROWS[0], ROWS[0]])))
    assert ROWS[0][0] not in str(refused.value)
    assert not (tmp_path / "out" / "persons.parquet").exists()


def test_neither_report_nor_model_stands_beside_links_that_could_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "out" / "links.parquet").mkdir(parents=True)  # a folder stands in the way
    with pytest.raises(StorageError):
        link_files(job(tmp_path, write_csv(tmp_path / "people.csv", ROWS)))
    assert not {"report.html", "model.json"} & {path.name for path in (tmp_path / "out").iterdir()}


def test_a_higher_threshold_joins_less(tmp_path: Path) -> None:
    files = write_csv(tmp_path / "people.csv", ROWS)
    loose = link_files(job(tmp_path, files))["persons"]
    strict = link_files(job(tmp_path, files, threshold=1 - 1e-12))["persons"]
    assert strict >= loose
