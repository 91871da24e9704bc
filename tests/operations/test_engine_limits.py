"""How far engines may be used, and other settings of the queue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.config import load_settings
from director_lib.errors import ConfigError
from director_lib.limits import DEFAULT_LIMITS, EngineLimit, read_limits, written_limits

NUMBERS = st.one_of(st.none(), st.integers(1, 99_999))
LIMITS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True), st.builds(EngineLimit, NUMBERS, NUMBERS)
)


def test_paid_engines_have_a_limit_and_the_others_none() -> None:
    limits = load_settings(_env_file=None).engine_limits
    assert limits == {"google": EngineLimit(4), "replicate": EngineLimit(4)}
    assert limits.get("local") is None


def test_what_is_said_wins_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTOR_ENGINE_LIMITS", "google=2 10/min, local = 1")
    settings = load_settings(_env_file=None)
    assert settings.engine_limits == {
        "google": EngineLimit(2, 10),
        "replicate": EngineLimit(4),
        "local": EngineLimit(1),
    }
    monkeypatch.setenv("DIRECTOR_ENGINE_LIMITS", settings.environment()["DIRECTOR_ENGINE_LIMITS"])
    assert load_settings(_env_file=None).engine_limits == settings.engine_limits


def test_a_rate_alone_keeps_how_many_run_at_once() -> None:
    assert read_limits("replicate=30/min")["replicate"] == EngineLimit(4, 30)
    assert read_limits("") == DEFAULT_LIMITS


@pytest.mark.parametrize(
    "wrong", ["google", "google=", "google=0", "google=2 3", "google=10/h", "=2", "google=-1", "google=1.5"]
)
def test_what_cannot_be_read_is_told_with_an_example(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("DIRECTOR_ENGINE_LIMITS", wrong)
    with pytest.raises(ConfigError, match=r"DIRECTOR_ENGINE_LIMITS.*google=2 10/min, replicate=3"):
        load_settings(_env_file=None)


def test_an_engine_is_named_once() -> None:
    with pytest.raises(ValueError, match="“google” is named twice"):
        read_limits("google=1, google=2/min")


@given(LIMITS)
def test_written_limits_are_read_as_they_were(limits: dict[str, EngineLimit]) -> None:
    told = {name: limit for name, limit in limits.items() if limit != EngineLimit()}
    read = read_limits(written_limits(DEFAULT_LIMITS | told))
    for name, limit in told.items():
        usual = DEFAULT_LIMITS.get(name, EngineLimit())
        assert read[name] == EngineLimit(limit.at_once or usual.at_once, limit.starts_per_minute)


@pytest.mark.parametrize("wrong", ["a b", "-a", "a/b", "ü", "a" * 64])
def test_a_workers_name_is_plain(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("DIRECTOR_WORKER_NAME", wrong)
    with pytest.raises(ConfigError, match="DIRECTOR_WORKER_NAME.*for example studio-1"):
        load_settings(_env_file=None)
    assert load_settings(worker_name="studio-1.b_2", _env_file=None).worker_name == "studio-1.b_2"
    assert load_settings(worker_name="", _env_file=None).worker_name == ""


@pytest.mark.parametrize("wrong", ["0", "-1", "inf", "nan", "soon"])
def test_a_task_has_some_time(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    assert load_settings(_env_file=None).task_timeout_s == 1800
    monkeypatch.setenv("DIRECTOR_TASK_TIMEOUT_S", wrong)
    with pytest.raises(ConfigError, match="DIRECTOR_TASK_TIMEOUT_S"):
        load_settings(_env_file=None)


def test_settings_of_engines_and_queue_reach_other_processes() -> None:
    given = {
        "google_video_model": "gemini-x",
        "replicate_base_url": "https://gateway.example",
        "replicate_image_model": "a/b",
        "replicate_video_model": "c/d",
        "worker_name": "studio-1",
        "task_timeout_s": 60.0,
    }
    told = load_settings(_env_file=None, **given).environment()
    assert {name: told[f"DIRECTOR_{name.upper()}"] for name in given} == {
        name: str(value) for name, value in given.items()
    }
