"""Great Expectations on a DuckDB session that is open already; importing this costs four seconds, so import it late."""

from __future__ import annotations

import atexit
import contextlib
import sys
import types
from collections.abc import Iterator
from typing import Any, Literal, Type  # noqa: UP035  a field of the datasource is called `type`

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.dialects.postgresql.base import PGDialect

from flows.engines.duckdb import DuckEngine

# A datasource is a pydantic model and can hold no connection; it finds the one it stands for by its name.
_SESSIONS: dict[str, duckdb.DuckDBPyConnection] = {}
NAME = "session"


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Keeps its connection open until results are read, which Great Expectations' own engine does not."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        # There is no word for DuckDB; the one for Dremio emits REGEXP_MATCHES(), which DuckDB has.
        words: Any = types.SimpleNamespace(DremioDialect=True, dialect=type(self.engine.dialect), __name__="duckdb")
        self.dialect_module = words

    @contextlib.contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """Yield the one connection of this engine."""
        if not self._connection:
            self._connection = self.engine.connect()
        yield self._connection


class OpenDuckDBDatasource(SQLDatasource):
    """Stands for a session this process has open; sees its tables, views and temporary tables."""

    type: Literal["open_duckdb"] = "open_duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> Type[SqlAlchemyExecutionEngine]:  # noqa: UP006  `type` is the field above
        """The engine that runs metrics."""
        return DuckDBExecutionEngine

    def get_engine(self) -> sa.Engine:
        """Return an engine whose connections are cursors of the open session."""
        if self._engine is None:
            session = _SESSIONS[self.name]
            self._engine = sa.create_engine("duckdb://", creator=lambda: ConnectionWrapper(session.cursor()))
        return self._engine

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        """Return the one engine of this datasource; its metrics make no tables in the session."""
        if self._execution_engine is None:
            self._execution_engine = DuckDBExecutionEngine(engine=self.get_engine(), create_temp_table=False)
        return self._execution_engine

    def let_go(self) -> None:
        """Close what was opened on the session, so that the session can be closed in its turn."""
        if self._execution_engine is not None and self._execution_engine._connection:
            self._execution_engine._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._execution_engine = self._engine = None

    def test_connection(self, test_assets: bool = True) -> None:
        """Do nothing: the session is open already."""


@contextlib.contextmanager
def shared(db: DuckEngine) -> Iterator[OpenDuckDBDatasource]:
    """Yield a datasource over an open session and let go of the session afterwards."""
    context = gx.get_context(mode="ephemeral")
    silent: Any = {"globally": False, "metric_calculations": False}
    context.variables.progress_bars = silent
    _SESSIONS[NAME] = db.connection
    source = context.data_sources.add_open_duckdb(name=NAME, connection_string="duckdb://")
    try:
        yield source
    finally:
        source.let_go()
        _SESSIONS.pop(NAME)


@atexit.register
def forget_dialect() -> None:
    """Empty the dialect's modules when the process ends.

    Caches of SQLAlchemy and classes of Great Expectations keep them past the end of DuckDB's own module, which then
    prints a page about leaks.
    """
    for cached in vars(PGDialect).values():
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
    for module in [sys.modules[name] for name in sys.modules if name.split(".")[0] == "duckdb_engine"]:
        vars(module).update({name: None for name in vars(module) if not name.startswith("__")})
