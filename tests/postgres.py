"""A PostgreSQL server of the tests' own, and a fresh review database on it in some milliseconds."""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from pydantic import SecretStr

from director_lib.store.database import open_database
from director_lib.store.tables import metadata
from tests.patience import PATIENCE_S

HOW_TO_INSTALL = (
    "These tests start a PostgreSQL server of their own, and no “postgres” was found on the PATH or in "
    "/usr/lib/postgresql/*/bin. “make test” installs it; by hand: sudo apt install postgresql (Debian, "
    "Ubuntu), brew install postgresql (macOS)."
)
_TEMPLATE = "template_review"
_PR_SET_PDEATHSIG = 1
_END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_SCHEMA = """SELECT attrelid::regclass::text, attname
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2"""
_RESTART_NUMBERS = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""
_USES_BETWEEN_TRUNCATIONS = 30

Connection = psycopg.Connection[tuple[object, ...]]


def find_program(name: str) -> Path:
    """Return one of PostgreSQL's programs; Debian keeps them off the PATH."""
    on_path = shutil.which(name)
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    assert found, HOW_TO_INSTALL
    return found[-1]


class Cluster:
    """One server with a data folder of its own, reached through a socket file that nobody else knows."""

    def __init__(self) -> None:
        # not below pytest's folders: their names are too long for a socket, and only their owner may enter
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._data = self.folder / "data"
        self._user = _server_user()
        self._server: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._emptied: list[str] = []
        self._n_emptied = 0
        if self._user is not None:
            shutil.chown(self.folder, self._user)

    def start(self) -> None:
        """Start the server, making its data folder at first, and wait until it answers."""
        if not self._data.exists():
            self._make()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "max_connections": "200",
            "shared_buffers": "32MB",
            "autovacuum": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(find_program("postgres")), "-D", str(self._data), *settings]
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd="/",
                # a test run that is killed takes its server with it
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self._wait()

    def crash(self) -> None:
        """End the server at once, as ``pg_ctl stop -m immediate`` does: the next start has to recover."""
        assert self._server is not None
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(PATIENCE_S)

    def shut_down(self) -> None:
        """End the server as ``pg_ctl stop -m fast`` does: connections are cut, everything is written."""
        assert self._server is not None
        self._server.send_signal(signal.SIGINT)
        self._server.wait(PATIENCE_S)

    def stop(self) -> None:
        """Stop the server and remove everything."""
        if self._server is not None and self._server.poll() is None:
            self.shut_down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> SecretStr:
        """Return a database's address, as DIRECTOR_DATABASE_URL takes it."""
        return SecretStr(f"postgresql://director@/{database}?host={quote(str(self.folder), safe='')}")

    def admin(self, database: str = "postgres") -> Connection:
        """Connect as the one who makes databases."""
        return psycopg.connect(host=str(self.folder), user="director", dbname=database, autocommit=True)

    def make_template(self) -> None:
        """Make the database with all tables that the others are copied from."""
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        open_database(self.url(_TEMPLATE)).close()

    @contextmanager
    def fresh(self) -> Iterator[SecretStr]:
        """Give the address of a database with all tables and no row; it is emptied for the next test."""
        if not self._emptied:
            self._emptied.append(f"review_{next(self._numbers)}")
            with self.admin() as connection:
                connection.execute(f"CREATE DATABASE {self._emptied[-1]} TEMPLATE {_TEMPLATE}")
        name = self._emptied.pop()
        with self.admin(name) as connection:
            schema = _schema(connection)
        yield self.url(name)
        with self.admin(name) as connection:
            connection.execute(_END_OTHERS)
            if _schema(connection) == schema:
                self._n_emptied += 1
                _empty(connection, is_thorough=self._n_emptied % _USES_BETWEEN_TRUNCATIONS == 0)
                self._emptied.append(name)

    @contextmanager
    def bare(self) -> Iterator[SecretStr]:
        """Give the address of a database without tables, which is gone afterwards."""
        name = f"bare_{next(self._numbers)}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name}")
            try:
                yield self.url(name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _make(self) -> None:
        program = str(find_program("initdb"))
        known = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
        # texts are then not ordered as Python orders them, which is how real servers are set up
        order = ["--locale-provider=icu", "--icu-locale=en-US"] if "--icu-locale" in known else []
        options = [
            "--auth=trust",
            "--username=director",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C",
            *order,
        ]
        made = subprocess.run(
            [program, "-D", str(self._data), *options],
            capture_output=True,
            text=True,
            user=self._user,
            cwd="/",
            check=False,
        )
        assert made.returncode == 0, made.stderr

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            assert self._server is not None
            said = (self.folder / "server.log").read_text(errors="replace")
            assert self._server.poll() is None, said
            try:
                self.admin().close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, said
                time.sleep(0.02)
            else:
                return


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Give a server that runs, with the template; it is stopped whatever happens."""
    cluster = Cluster()
    try:
        cluster.start()
        cluster.make_template()
        yield cluster
    finally:
        cluster.stop()


def _schema(connection: Connection) -> list[tuple[object, ...]]:
    """Return what a test must not have changed in a database that the next one gets."""
    return connection.execute(_SCHEMA).fetchall() + connection.execute("TABLE alembic_version").fetchall()


def _empty(connection: Connection, *, is_thorough: bool) -> None:
    """Delete all rows, and begin to number from one; thoroughly, not even their places in the files are left.

    Thoroughly takes 80 ms, for each table gets new files; of few rows it is the same to delete them.
    """
    if is_thorough:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        return
    deletions = "; ".join(str(table.delete()) for table in metadata.tables.values())
    # whoever refers to a row is deleted, too
    connection.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions}; COMMIT")
    connection.execute(_RESTART_NUMBERS)


def _server_user() -> str | None:
    """Return who runs the server: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
