"""Great Expectations on a DuckDB session that is open already; importing this costs four seconds, so import it late."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any, Literal, Type  # noqa: UP035  a field of the datasource is called `type`

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine

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
        _SESSIONS.pop(NAME)
        engine = source.get_execution_engine()
        if engine._connection:
            engine._connection.close()
        source.get_engine().dispose()
