"""A table of a real PostgreSQL server as a delivery; left out, with the reason, where no server can be started."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import check_stage_ids, read_contracts
from flows.sources.database import copy_table
from flows.sources.deliveries import open_deliveries
from flows.sources.loading import load_source
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["old_age_roll"]
PROGRAMS = [shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/lib/postgresql/15/bin:/usr/lib/postgresql/17/bin")
            for name in ("initdb", "postgres")]  # fmt: skip
NOBODY = {"user": "nobody"} if os.geteuid() == 0 else {}  # the server refuses to run as root
MADE = """
create schema mz;
create table mz.gljt ("身份证号" text, "姓名" text, "月津贴" numeric, "起始日期" date, "状态" text, "联系电话" text);
create table mz.typed ("身份证号" char(20), "姓名" varchar, "月津贴" float8, "起始日期" timestamptz, "状态" text, "联系电话" bigint);
insert into mz.typed values ('11010519491231002X', '王芳', 100.5, '2020-05-01 00:00:00+08', '发放', 13912345670);
alter role reader set timezone = 'UTC';
alter role reader set datestyle = 'SQL, DMY';
insert into mz.gljt values ('11010519491231002X', E'王"芳\n一', 100.5, '2020-05-01', '发放', null),
                           ('440524188001010014', '李明', null, '2021-05-01', '发放', '');
create view mz.v_gljt as select * from mz.gljt;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with one table and one view."""
    initdb, postgres = PROGRAMS
    if not initdb or not postgres:
        pytest.skip("PostgreSQL's initdb and postgres are not installed")
    folder = Path(tempfile.mkdtemp(prefix="zhaoren-postgres-"))
    folder.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **NOBODY}
    subprocess.run([initdb, "-D", folder / "data", "-U", "reader", "--no-sync", "-E", "UTF8"], check=True, **quiet)  # type: ignore[call-overload]
    words = [postgres, "-D", folder / "data", "-p", str(port), "-k", folder, "-c", "fsync=off", "-h", "127.0.0.1"]
    process = subprocess.Popen(words, **quiet)  # type: ignore[call-overload]
    address = f"postgresql://reader@127.0.0.1:{port}/postgres"
    try:
        asyncio.run(prepared(address))
        yield address
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


async def prepared(address: str) -> None:
    """Wait until the server answers, then make what is read."""
    for _ in range(100):
        try:
            connection = await asyncpg.connect(address, timeout=5)
            break
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.1)
    await connection.execute(MADE)
    await connection.close()


def loaded(db: DuckEngine, folder: Path) -> list[tuple[object, ...]]:
    """Return what arrives of the month's folder."""
    arrival = open_deliveries(folder, (CONTRACT,), check_stage_ids(), folder / ".scratch")["old_age_roll"]
    assert (arrival.encoding, arrival.reader.load(db)) == ("database", 2)
    return db.rows(
        "select full_name, amount_month_yuan, start_date, phone from arrived_old_age_roll order by row_number"
    )


def test_a_table_or_view_is_a_delivery(
    db: DuckEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("ZHAOREN_DATABASE", server)
    for table in ("mz.gljt", "mz.v_gljt"):
        (tmp_path / "old_age_roll.database.yaml").write_text(f"table: {table}\n", encoding="utf-8")
        found = loaded(db, tmp_path)
        assert found == [('王"芳\n一', "100.5", "2020-05-01", None), ("李明", None, "2021-05-01", None)]


def test_types_and_settings_of_the_server_change_no_value(
    db: DuckEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("ZHAOREN_DATABASE", server)
    (tmp_path / "old_age_roll.database.yaml").write_text("table: mz.typed\n", encoding="utf-8")
    arrival = open_deliveries(tmp_path, (CONTRACT,), check_stage_ids(), tmp_path / ".scratch")["old_age_roll"]
    load_source(db, CONTRACT, arrival, read_lexicon())
    found = db.rows("select national_id, amount_month_yuan::varchar, start_date::varchar, phone from raw_old_age_roll")
    assert found == [("11010519491231002X", "100.50", "2020-05-01", "13912345670")]


def test_the_same_state_is_the_same_bytes(tmp_path: Path, server: str) -> None:
    for name in ("a", "b"):
        assert asyncio.run(copy_table(server, "mz.gljt", tmp_path / name)) == 2
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_table_that_cannot_be_read_is_one_sentence_without_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("ZHAOREN_DATABASE_OLD_AGE_ROLL", server)
    (tmp_path / "old_age_roll.database.yaml").write_text("table: mz.no_such\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"could not be read from the database \(UndefinedTableError\)") as refused:
        open_deliveries(tmp_path, (CONTRACT,), check_stage_ids(), tmp_path / ".scratch")
    assert "reader" not in str(refused.value)


@pytest.mark.parametrize(
    "said", ["", "table: a; drop table b\n", "table: a\npassword: x\n", "[", "table: a.b.c", "taken: 2026-02-30"]
)
def test_a_request_that_is_not_one_table_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "old_age_roll.database.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(DeliveryError, match="does not say which table"):
        open_deliveries(tmp_path, (CONTRACT,), check_stage_ids(), tmp_path / ".scratch")


def test_without_an_address_in_the_environment_it_says_which_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHAOREN_DATABASE", raising=False)
    (tmp_path / "old_age_roll.database.yaml").write_text("table: mz.gljt\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="ZHAOREN_DATABASE_OLD_AGE_ROLL or ZHAOREN_DATABASE is not set"):
        open_deliveries(tmp_path, (CONTRACT,), check_stage_ids(), tmp_path / ".scratch")


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOREN_DATABASE", "postgresql://reader:secret@127.0.0.1:9/postgres")
    (tmp_path / "old_age_roll.database.yaml").write_text("table: mz.gljt\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="could not be read") as refused:
        open_deliveries(tmp_path, (CONTRACT,), check_stage_ids(), tmp_path / ".scratch")
    assert "secret" not in str(refused.value)
