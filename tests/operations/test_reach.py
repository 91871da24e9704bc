"""Whether the doctor finds out that engines can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.cli.health_work import look_at_engines, look_at_reach, used_engines
from director_lib.cli.reach_work import reach_engines
from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.errors import ConfigError, DirectorError, EngineBusyError
from director_lib.limits import EngineLimit
from director_lib.workbench import Workbench
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer
from tests.engines.fakes.replicate.server import run_fake
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.intake.studio import STREAM, write_spec


class Double:
    """An engine whose provider answers, or does not."""

    def __init__(self, error: DirectorError | None = None) -> None:
        self.error = error
        self.asked = 0

    def check_access(self) -> str:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return "answers"


def reach(settings: Settings, doubles: dict[str, Double], **keys: str) -> str:
    return reach_engines(doubles, settings, variables=keys, find=lambda name, _: doubles[name])  # type: ignore[arg-type,return-value]


def test_an_engine_is_asked_only_where_its_key_is(settings: Settings) -> None:
    doubles = {"google": Double(), "replicate": Double()}
    told = reach(settings, doubles, GOOGLE_AI_API_KEY=" ", REPLICATE_API_TOKEN="r8_x")
    assert told == "google (not asked: no key here), replicate (answers)"
    assert (doubles["google"].asked, doubles["replicate"].asked) == (0, 1)


def test_every_trouble_is_told_and_the_others_are_asked_all_the_same(settings: Settings) -> None:
    doubles = {
        "google": Double(ConfigError("The key is refused.")),
        "replicate": Double(EngineBusyError("It cannot be reached.")),
        "script": Double(),
    }
    with pytest.raises(
        DirectorError, match=r"google: The key is refused\. replicate: It cannot be reached\."
    ):
        reach(settings, doubles, GOOGLE_AI_API_KEY="k", REPLICATE_API_TOKEN="r8_x")
    assert doubles["script"].asked == 1


def test_a_studio_without_providers_has_nothing_to_ask(settings: Settings) -> None:
    assert reach_engines({"local"}, settings) == "those in use need no provider"
    assert look_at_reach(settings) == "script (no program is set up)"


def test_real_engines_are_asked_over_the_network(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    google = GoogleServer()
    try:
        with run_fake(FakeReplicate()) as replicate:
            monkeypatch.setenv("GOOGLE_AI_API_KEY", GOOD_KEY)
            monkeypatch.setenv("REPLICATE_API_TOKEN", replicate.token)
            there = settings.model_copy(
                update={
                    "google_base_url": google.url,
                    "replicate_base_url": replicate.address,
                    "engine_keyframe": "google",
                    "engine_video": "replicate",
                }
            )
            told = look_at_reach(there)
            assert "google (answers and has gemini" in told
            assert "replicate (answers and knows the account studio)" in told
            monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_wrong")
            with pytest.raises(DirectorError, match="replicate: Replicate refuses the API token") as found:
                look_at_reach(there)
            assert "r8_wrong" not in found.value.user_message
    finally:
        google.close()


def test_a_program_that_is_gone_is_told(settings: Settings, tmp_path: Path) -> None:
    there = settings.model_copy(update={"script_frame_command": "no-such-program {output}"})
    with pytest.raises(DirectorError, match="script: The program “no-such-program”"):
        look_at_reach(there)


def test_an_engine_that_is_chosen_for_a_stream_counts_as_used(settings: Settings) -> None:
    write_spec(settings.streams_root / STREAM)
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR)) as workbench:
        workbench.engines.choose(STREAM, Kind.VIDEO, "replicate", segment_id=2)
    assert used_engines(settings) == {"local", "script", "replicate"}
    with pytest.raises(DirectorError, match="REPLICATE_API_TOKEN for replicate"):
        look_at_engines(settings)


def test_a_limit_of_no_engine_is_told(home: Path) -> None:
    settings = load_settings(home=home, engine_limits={"gogle": EngineLimit(1)}, _env_file=None)
    with pytest.raises(DirectorError, match="DIRECTOR_ENGINE_LIMITS limits gogle, which is no engine"):
        look_at_engines(settings)
