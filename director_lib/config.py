"""Settings: read once from ``DIRECTOR_*`` variables and ``.env``, all wrong values reported together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from director_lib.errors import ConfigError

_CHECKOUT = Path(__file__).resolve().parent.parent


def default_home() -> Path:
    """Return where data lives by default: ``var/`` of a source checkout, else the user's data folder."""
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / "var"
    return Path(platformdirs.user_data_dir("director-workbench"))


class Settings(BaseSettings):
    """Everything that can be configured, without the engines' keys.

    Keys are read by ``Keys`` in the worker only, so that no kernel, page or export can show them.
    """

    model_config = SettingsConfigDict(env_prefix="DIRECTOR_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home)
    streams_dir: Path | None = None
    db_path: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8083, ge=0, le=65535)
    engine_keyframe: str = "local"
    engine_video: str = "local"
    worker_concurrency: int = Field(default=2, ge=1, le=64)
    local_pace_s: float = Field(default=2.0, ge=0, le=600)
    time_zone: str = "UTC"
    budget_stream_usd: float = Field(default=50.0, ge=0)
    budget_day_usd: float = Field(default=20.0, ge=0)
    secure_cookies: bool = Field(default=False, validation_alias=AliasChoices("DIRECTOR_SECURE_COOKIES"))

    @property
    def streams_root(self) -> Path:
        """Folder that holds one folder per stream."""
        return (self.streams_dir or self.home / "streams").expanduser().resolve()

    @property
    def database_file(self) -> Path:
        """The review database's SQLite file."""
        return (self.db_path or self.home / "director.db").expanduser().resolve()

    @property
    def queue_file(self) -> Path:
        """The task engine's own SQLite file, beside the review database."""
        return self.database_file.with_name(self.database_file.stem + ".queue.db")

    @property
    def media_dir(self) -> Path:
        """Folder of immutable version files and thumbnails, beside the review database."""
        return self.database_file.parent / "media"

    @property
    def runs_dir(self) -> Path:
        """Folder of executed notebooks and reports."""
        return self.database_file.parent / "runs"

    def environment(self) -> dict[str, str]:
        """Return the variables that give a child process these same settings, as absolute paths."""
        return {
            "DIRECTOR_HOME": str(self.home.expanduser().resolve()),
            "DIRECTOR_STREAMS_DIR": str(self.streams_root),
            "DIRECTOR_DB_PATH": str(self.database_file),
            "DIRECTOR_HOST": self.host,
            "DIRECTOR_PORT": str(self.port),
            "DIRECTOR_ENGINE_KEYFRAME": self.engine_keyframe,
            "DIRECTOR_ENGINE_VIDEO": self.engine_video,
            "DIRECTOR_WORKER_CONCURRENCY": str(self.worker_concurrency),
            "DIRECTOR_LOCAL_PACE_S": str(self.local_pace_s),
            "DIRECTOR_TIME_ZONE": self.time_zone,
            "DIRECTOR_BUDGET_STREAM_USD": str(self.budget_stream_usd),
            "DIRECTOR_BUDGET_DAY_USD": str(self.budget_day_usd),
            "DIRECTOR_SECURE_COOKIES": str(self.secure_cookies),
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
        wrong = "; ".join(
            f"DIRECTOR_{str(item['loc'][0]).upper()}: {item['msg']} (got {item['input']!r})"
            for item in error.errors()
        )
        raise ConfigError(
            f"Settings are wrong. {wrong}. Correct them in the environment or in .env."
        ) from error
