"""Settings: read once from ``DIRECTOR_*`` variables and ``.env``, all wrong values reported together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import DotEnvSettingsSource, NoDecode, SettingsConfigDict

from director_lib.archive_settings import PLAIN_ARCHIVE, ArchiveSettings
from director_lib.errors import ConfigError
from director_lib.limits import DEFAULT_LIMITS, EngineLimit, read_limits, written_limits
from director_lib.site_settings import PLAIN_SITE, SiteSettings
from director_lib.work_hours import WorkSettings

_CHECKOUT = Path(__file__).resolve().parent.parent
_SCHEMES = ("postgresql", "postgresql+psycopg")
# fmt: off
_PLAIN = (
    "host", "port",
    "engine_keyframe", "engine_video", "engine_spec", "engines", "spec_command", "spec_timeout_s",
    "script_frame_command", "script_video_command", "script_timeout_s", "script_frame_usd",
    "script_video_usd_per_s",
    "google_base_url", "google_image_model", "google_video_model", "google_spec_model", "replicate_base_url",
    "replicate_image_model", "replicate_video_model",
    "worker_concurrency", "worker_name", "worker_stop_s", "task_timeout_s", "local_pace_s",
    "time_zone", "work_hours", "budget_stream_usd", "budget_day_usd", "secure_cookies", "log_format",
)
# fmt: on
_ALL_PLAIN = (*_PLAIN, *PLAIN_ARCHIVE, *PLAIN_SITE)
"""Settings that a child process is given as they are."""
_SECRETS = frozenset({"database_url", "metrics_token"})
_GOOD_TOKEN = re.compile(r"[!-~]{16,}")
_GOOD_WORKER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_URL_EXAMPLE = "postgresql://director:password@db.example:5432/director"


def default_home() -> Path:
    """Return where data lives by default: ``var/`` of a source checkout, else the user's data folder."""
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / "var"
    return Path(platformdirs.user_data_dir("director-workbench"))


class Settings(ArchiveSettings, SiteSettings, WorkSettings):
    """Everything that can be configured, without the engines' keys.

    Keys are read from the worker's environment only, so that no kernel, page or export can show them.
    """

    model_config = SettingsConfigDict(env_prefix="DIRECTOR_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home)
    streams_dir: Path | None = None
    db_path: Path | None = None
    database_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8083, ge=0, le=65535)
    engine_keyframe: str = "local"
    engine_video: str = "local"
    engine_spec: Literal["builtin", "command", "google"] = "builtin"
    spec_command: str = ""
    spec_timeout_s: float = Field(default=120.0, gt=0, le=3600)
    engines: str = "local,script"
    script_frame_command: str = ""
    script_video_command: str = ""
    script_dir: Path | None = None
    script_timeout_s: float = Field(default=900.0, gt=0)
    script_frame_usd: float = Field(default=0.24, ge=0)
    script_video_usd_per_s: float = Field(default=0.05, ge=0)
    google_base_url: str = ""
    google_image_model: str = ""
    google_video_model: str = ""
    google_spec_model: str = ""
    replicate_base_url: str = ""
    replicate_image_model: str = ""
    replicate_video_model: str = ""
    worker_concurrency: int = Field(default=2, ge=1, le=64)
    worker_name: str = ""
    worker_stop_s: float = Field(default=0.0, ge=0, le=3600)
    engine_limits: Annotated[Mapping[str, EngineLimit], NoDecode] = Field(
        default_factory=lambda: dict(DEFAULT_LIMITS)
    )
    task_timeout_s: float = Field(default=1800.0, gt=0, allow_inf_nan=False)
    local_pace_s: float = Field(default=2.0, ge=0, le=600)
    budget_stream_usd: float = Field(default=50.0, ge=0)
    budget_day_usd: float = Field(default=20.0, ge=0)
    secure_cookies: bool = Field(default=False, validation_alias=AliasChoices("DIRECTOR_SECURE_COOKIES"))
    log_format: Literal["text", "json"] = "text"
    metrics_token: SecretStr | None = None

    @property
    def engine_choices(self) -> list[str]:
        """Names of the engines that a person may choose, in the order given."""
        return [name.strip() for name in self.engines.split(",") if name.strip()]

    @property
    def streams_root(self) -> Path:
        """Folder that holds one folder per stream."""
        return (self.streams_dir or self.home / "streams").expanduser().resolve()

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None or not url.get_secret_value():
            return None
        _check_url(url.get_secret_value())
        return url

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or not token.get_secret_value():
            return None
        if not _GOOD_TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError(
                "it needs 16 or more letters, digits or signs and no space, such as the output of: "
                "openssl rand -hex 32"
            )
        return token

    @field_validator("worker_name")
    @classmethod
    def _check_worker_name(cls, name: str) -> str:
        if name and not _GOOD_WORKER_NAME.fullmatch(name):
            raise ValueError(
                "it takes up to 63 letters, digits, dots, - and _, and begins with a letter or digit, for "
                "example studio-1"
            )
        return name

    @field_validator("engine_limits", mode="before")
    @classmethod
    def _read_engine_limits(cls, given: object) -> object:
        return read_limits(given) if isinstance(given, str) else given

    @property
    def database(self) -> Path | SecretStr:
        """Where the review database is: a SQLite file, or PostgreSQL's address when that is set."""
        return self.database_file if self.database_url is None else self.database_url

    @property
    def database_name(self) -> str:
        """What to call the review database in messages: its file, or its address without the password."""
        return str(self.database_file) if self.database_url is None else shown_url(self.database_url)

    @property
    def database_file(self) -> Path:
        """The review database's SQLite file.

        Raises:
            ConfigError: The review database is on PostgreSQL and has no file.
        """
        if self.database_url is not None:
            raise ConfigError(
                f"The review database is {self.database_name} and no file. Unset DIRECTOR_DATABASE_URL to "
                "use a file instead, for example DIRECTOR_DB_PATH=/srv/director/director.db."
            )
        return (self.db_path or self.home / "director.db").expanduser().resolve()

    @property
    def data_dir(self) -> Path:
        """Folder of everything that goes with the database: beside its file, else the home folder."""
        if self.database_url is None:
            return self.database_file.parent
        return self.home.expanduser().resolve()

    def beside(self, ending: str) -> Path:
        """Return a file that goes with the database: the database file's name with another ending.

        Args:
            ending: With its dot, as in ``.worker.lock``.
        """
        stem = "director" if self.database_url is not None else self.database_file.stem
        return self.data_dir / f"{stem}{ending}"

    @property
    def queue_file(self) -> Path:
        """The task engine's own SQLite file, beside the review database."""
        return self.beside(".queue.db")

    def queue_file_of(self, worker: str) -> Path:
        """Return the task engine's own file of a worker; that of SQLite's only worker is ``queue_file``."""
        return self.queue_file if self.database_url is None else self.beside(f".queue-{worker}.db")

    @property
    def media_dir(self) -> Path:
        """Folder of immutable version files and thumbnails, beside the review database."""
        return self.data_dir / "media"

    @property
    def sites_dir(self) -> Path:
        """Folder of the films' sites and their builds."""
        return self.data_dir / "sites"

    @property
    def frames_dir(self) -> Path:
        """Folder of the frames that sites are made of; what is removed from it is made again when needed."""
        return self.data_dir / "frames"

    @property
    def runs_dir(self) -> Path:
        """Folder of executed notebooks and reports."""
        return self.data_dir / "runs"

    def environment(self) -> dict[str, str]:
        """Return the variables that give a child process these same settings, as absolute paths.

        PostgreSQL's address is among them with its password: never show or log them. The metrics token is
        not: only the server needs it, and reads it by itself.
        """
        if self.database_url is None:
            # an empty address says "none", so that a child's .env file cannot name another database
            database = {"DIRECTOR_DB_PATH": str(self.database_file), "DIRECTOR_DATABASE_URL": ""}
        else:
            database = {"DIRECTOR_DATABASE_URL": self.database_url.get_secret_value()}
        return {
            **database,
            "DIRECTOR_HOME": str(self.home.expanduser().resolve()),
            "DIRECTOR_STREAMS_DIR": str(self.streams_root),
            **({"DIRECTOR_SCRIPT_DIR": str(self.script_dir.resolve())} if self.script_dir else {}),
            "DIRECTOR_ENGINE_LIMITS": written_limits(self.engine_limits),
            **{f"DIRECTOR_{name.upper()}": str(getattr(self, name)) for name in _ALL_PLAIN},
        }


def load_settings(**overrides: Any) -> Settings:
    """Read the settings.

    Args:
        overrides: Values that win over the environment; None means "not given".

    Raises:
        ConfigError: One or more values are wrong; the message lists every one with its variable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(_wrong_value(item["loc"], item["msg"], item["input"]) for item in error.errors())
        # without its cause, which quotes every value as it was given
        raise ConfigError(f"Settings are wrong. {wrong}. Correct them in the environment or in .env.") from (
            None if _SECRETS & {str(item["loc"][0]) for item in error.errors()} else error
        )


def all_variables() -> dict[str, str]:
    """Return every variable of ``.env`` and of the environment, which wins; names in capitals.

    Keys and passwords are among them: never show or log the values.
    """
    lines = DotEnvSettingsSource(Settings).env_vars
    in_file = {name.upper(): value for name, value in lines.items() if value is not None}
    return in_file | {name.upper(): value for name, value in os.environ.items()}


def shown_url(url: SecretStr) -> str:
    """Return a database's address without its password: who, where and which database."""
    parts = urlsplit(url.get_secret_value())
    user = parts.username
    place = parts.netloc.rpartition("@")[2] or parse_qs(parts.query).get("host", [""])[0]
    return f"postgresql://{f'{user}@' if user else ''}{place}{parts.path}"


def _check_url(url: str) -> None:
    """Refuse what is no address of a PostgreSQL database; the message never quotes it.

    Raises:
        ValueError: It is not, or a special character of the password makes it another one.
    """
    scheme = url.partition("://")[0]
    if scheme not in _SCHEMES or "://" not in url:
        raise ValueError(f"only PostgreSQL can be named by an address, for example {_URL_EXAMPLE}")
    if not _is_whole(url):
        raise ValueError(
            f"it has to name host and database, for example {_URL_EXAMPLE}; write special characters of "
            "the password as %XX"
        )


def _is_whole(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_good_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    names_database = len(parts.path) > 1 and "/" not in parts.path[1:]
    return has_good_port and names_database and not parts.fragment and parts.netloc.count("@") < 2


def _wrong_value(place: tuple[int | str, ...], why: str, given: object) -> str:
    name = str(place[0])
    shown = "its value is not shown" if name.lower() in _SECRETS else f"got {given!r}"
    return f"DIRECTOR_{name.upper()}: {why} ({shown})"
