"""Finding engines by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from director_lib.config import load_settings
from director_lib.domain.version import Kind
from director_lib.engines.catalog import models_of
from director_lib.engines.keys import take_keys
from director_lib.engines.local import LocalEngine
from director_lib.engines.registry import engine_names, find_engine, get_engine, offered_names
from director_lib.engines.replicate import ReplicateEngine
from director_lib.errors import ConfigError, InputError

FREE = load_settings(_env_file=None)
PROGRAM = "program {output}"


def test_every_name_gives_an_engine_of_that_name() -> None:
    assert engine_names() == ["google", "local", "replicate", "script"]
    assert [get_engine(name, FREE).name for name in engine_names()] == engine_names()


def test_only_engines_that_are_set_up_for_the_kind_are_offered() -> None:
    assert offered_names(FREE, Kind.KEYFRAME) == ["local"]
    frames = FREE.model_copy(update={"script_frame_command": PROGRAM})
    assert offered_names(frames, Kind.KEYFRAME) == ["local", "script"]
    assert offered_names(frames, Kind.VIDEO) == ["local"]


def test_the_configured_engine_is_offered_first_even_when_it_cannot_work_yet() -> None:
    settings = FREE.model_copy(update={"engine_keyframe": "google", "engine_video": "script"})
    assert offered_names(settings, Kind.KEYFRAME) == ["google", "local"]
    assert offered_names(settings, Kind.VIDEO) == ["script", "local"]


def test_a_command_that_cannot_work_is_not_offered_and_is_told_when_used() -> None:
    settings = FREE.model_copy(update={"script_frame_command": "program"})
    assert offered_names(settings, Kind.KEYFRAME) == ["local"]
    with pytest.raises(ConfigError, match="output"):
        get_engine("script", settings)


def test_keys_of_a_file_reach_the_environment_and_never_replace_those_there(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("GOOGLE_AI_API_KEY=of-the-file\nREPLICATE_API_TOKEN=of-the-file\nOTHER_KEY=x\n")
    environment = {"REPLICATE_API_TOKEN": "of-the-environment"}
    take_keys(environment, file)
    assert environment == {
        "GOOGLE_AI_API_KEY": "of-the-file",
        "REPLICATE_API_TOKEN": "of-the-environment",
    }
    take_keys(environment, tmp_path / "missing")


def test_providers_make_both_kinds_and_clips_as_jobs() -> None:
    google, replicate = (get_engine(name, FREE).capabilities() for name in ("google", "replicate"))
    assert google.kinds == replicate.kinds == replicate.remote_kinds == frozenset(Kind)
    assert google.remote_kinds == frozenset({Kind.VIDEO})
    assert google.is_paid
    assert replicate.is_paid
    assert (google.lists_jobs, replicate.lists_jobs) == (False, True)
    assert google.most_references >= 10
    assert replicate.most_references >= 1


@pytest.mark.parametrize(
    ("engine", "kind", "setting"),
    [
        ("google", Kind.KEYFRAME, "google_image_model"),
        ("google", Kind.VIDEO, "google_video_model"),
        ("replicate", Kind.KEYFRAME, "replicate_image_model"),
        ("replicate", Kind.VIDEO, "replicate_video_model"),
    ],
)
def test_the_settings_model_is_the_one_in_use(engine: str, kind: Kind, setting: str) -> None:
    settings = FREE.model_copy(update={setting: "studio/own"})
    [used] = [model for model in models_of(get_engine(engine, settings), kind) if model.is_default]
    assert used.name == "studio/own"
    assert [model.is_default for model in models_of(get_engine(engine, FREE), kind)].count(True) == 1


def test_keys_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
        get_engine("replicate", FREE).check_access()  # type: ignore[attr-defined]
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_of_the_environment")
    engine = get_engine("replicate", FREE)
    assert isinstance(engine, ReplicateEngine)
    assert engine.options.token == "r8_of_the_environment"
    assert "r8_of_the_environment" not in repr(engine.options)


def test_an_address_of_replicate_that_is_none_is_told() -> None:
    with pytest.raises(ConfigError, match="DIRECTOR_REPLICATE_BASE_URL"):
        get_engine("replicate", FREE.model_copy(update={"replicate_base_url": "nowhere"}))


def test_finding_any_engine_loads_no_provider_library() -> None:
    program = (
        "import sys\n"
        "from director_lib.config import Settings\n"
        "from director_lib.domain.version import Kind\n"
        "from director_lib.engines.catalog import check_model, models_of\n"
        "from director_lib.engines.registry import engine_names, get_engine\n"
        "engines = [get_engine(name, Settings()) for name in engine_names()]\n"
        "offers = [models_of(engine, kind) for engine in engines for kind in Kind]\n"
        "print(sorted({'numpy', 'av', 'PIL', 'httpx', 'google.genai'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_engine_names_the_known_ones() -> None:
    assert find_engine("sora", FREE) is None
    with pytest.raises(InputError, match="“sora”.*Known engines: .*local"):
        get_engine("sora", FREE)


def test_the_pace_reaches_the_local_engine() -> None:
    engine = get_engine("local", FREE.model_copy(update={"local_pace_s": 2.5}))
    assert isinstance(engine, LocalEngine)
    assert engine.pace_s == 2.5


def test_the_local_engine_makes_both_kinds_for_nothing(make_request) -> None:
    engine = get_engine("local", FREE)
    assert engine.capabilities().kinds == frozenset(Kind)
    assert not engine.capabilities().is_paid
    assert engine.price_usd(make_request()) == 0.0


def test_asking_for_a_price_loads_no_picture_library() -> None:
    program = (
        "import sys\n"
        "from director_lib.config import Settings\n"
        "from director_lib.engines.registry import get_engine\n"
        "from director_lib.domain.task import GenerationRequest\n"
        "from director_lib.domain.version import Kind\n"
        "request = GenerationRequest('s', 1, Kind.KEYFRAME, 'local', 'sea')\n"
        "assert get_engine('local', Settings()).price_usd(request) == 0.0\n"
        "print(sorted({'numpy', 'av', 'PIL'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
