"""From an approved cut to the page that readers get, and back to an earlier one."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.delivery import site_jobs
from director_lib.delivery.deployment import find_shown_build
from director_lib.delivery.site_builds import list_builds, prune_builds
from director_lib.delivery.site_film import site_target
from director_lib.domain.people import Role
from director_lib.domain.stream_task import StreamJob
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from tests.delivery.delivering import FILM, Publishing


@pytest.fixture
def studio(settings: Settings) -> Iterator[Publishing]:
    made = Publishing(settings)
    yield made
    made.close()


def with_command(studio: Publishing, folder: Path, script: str, **more: object) -> Publishing:
    """Let the studio deploy with a program of its own."""
    program = folder / "host.py"
    program.write_text(script)
    command = f"{sys.executable} {program} {{folder}} {{stream}} {{build_id}}"
    studio.reopen(deploy_command=command, **more)
    return studio


def test_a_build_is_a_preview_that_readers_do_not_see(studio: Publishing) -> None:
    deliveries = studio.workbench.deliveries
    assert deliveries.find_preview(FILM) is None
    task = studio.carried_out(deliveries.build(FILM))
    assert (task.state, task.error_message) == (TaskState.SUCCEEDED, None)
    preview = deliveries.find_preview(FILM)
    assert preview is not None
    assert preview.is_current
    assert preview.build.build_id == task.result["build_id"]  # type: ignore[index]
    assert (deliveries.preview_folder(FILM, preview.build.build_id) / "index.html").is_file()
    assert deliveries.shown_build(FILM) is None
    assert deliveries.deployments(FILM) == []
    studio.retitle("Another title")
    changed = deliveries.find_preview(FILM)
    assert changed is not None
    assert not changed.is_current
    assert "built" in studio.verbs()


def test_nothing_is_deployed_before_the_final_cut_is_approved(studio: Publishing) -> None:
    deliveries = studio.workbench.deliveries
    with pytest.raises(RuleError, match="not approved for its readers"):
        deliveries.deploy(FILM)
    with pytest.raises(RuleError, match="not approved for its readers"):
        studio.workbench.stream_tasks.queue("deploy", FILM, {"target": "folder"})
    assert studio.workbench.stream_tasks.list() == []


def test_an_approved_film_is_shown_and_recorded(studio: Publishing) -> None:
    studio.approve()
    task = studio.carried_out(studio.workbench.deliveries.deploy(FILM))
    assert (task.state, task.error_message) == (TaskState.SUCCEEDED, None)
    recorded = studio.recorded()
    assert recorded["url"] == f"/site/{FILM}/"
    assert (recorded["deployed_by"], recorded["platform"]) == ("dora", "folder")
    shown = studio.workbench.deliveries.shown_build(FILM)
    assert recorded["build_id"] == shown
    page = site_target(studio.settings, FILM) / "index.html"
    assert "Text 1." in page.read_text()
    stream = read_stream(StreamsRoot(studio.settings.streams_root), FILM)
    assert stream.deployed_url == f"/site/{FILM}/"
    assert [oddity for oddity in stream.oddities if oddity.file == "deployment.json"] == []
    assert studio.verbs()[-1] == "deployed"
    # where it was deployed to is nothing that anybody judged: the approval stands, and the page is the same
    again = studio.carried_out(studio.workbench.deliveries.deploy(FILM))
    assert again.result["build_id"] == shown  # type: ignore[index]


def test_a_reason_passes_over_the_gate_and_is_recorded(studio: Publishing) -> None:
    task = studio.workbench.deliveries.deploy(FILM, override="  the customer waits ")
    assert task.parameters["override"] == "the customer waits"
    assert studio.carried_out(task).state is TaskState.SUCCEEDED
    assert "overrode_checkpoint" in studio.verbs()


def test_a_film_that_changed_after_it_was_asked_for_is_not_deployed(studio: Publishing) -> None:
    studio.approve()
    task = studio.workbench.deliveries.deploy(FILM)
    studio.retitle("Another title")
    failed = studio.carried_out(task)
    assert failed.state is TaskState.FAILED
    assert "changed since it was asked for" in str(failed.error_message)
    assert studio.workbench.deliveries.shown_build(FILM) is None
    with pytest.raises(RuleError, match="not approved"):
        studio.workbench.stream_tasks.retry(task.id)


def test_readers_go_back_to_any_build_that_was_deployed(studio: Publishing) -> None:
    deliveries = studio.workbench.deliveries
    first = studio.carried_out(deliveries.deploy(FILM, override="one")).result["build_id"]  # type: ignore[index]
    studio.retitle("Second")
    second = studio.carried_out(deliveries.deploy(FILM, override="two")).result["build_id"]  # type: ignore[index]
    assert first != second
    task = studio.carried_out(deliveries.roll_back(FILM, first))
    assert task.state is TaskState.SUCCEEDED
    assert deliveries.shown_build(FILM) == first
    assert [one.build_id for one in deliveries.deployments(FILM)] == [first, second, first]
    assert studio.verbs()[-1] == "rolled_back"
    studio.retitle("Third")
    third = studio.carried_out(deliveries.build(FILM)).result["build_id"]  # type: ignore[index]
    with pytest.raises(RuleError, match="never deployed"):
        deliveries.roll_back(FILM, third)
    with pytest.raises(NotFoundError):
        deliveries.roll_back(FILM, "0" * 16)


def test_old_builds_go_but_never_what_readers_see(studio: Publishing) -> None:
    deliveries, target = studio.workbench.deliveries, site_target(studio.settings, FILM)
    shown = studio.carried_out(deliveries.deploy(FILM, override="x")).result["build_id"]  # type: ignore[index]
    for title in ("Second", "Third", "Fourth"):
        studio.retitle(title)
        studio.carried_out(deliveries.build(FILM))
    latest = list_builds(target)[0].build_id
    prune_builds(target, 1, {shown})
    assert {build.build_id for build in list_builds(target)} == {shown, latest}
    assert find_shown_build(target) == shown
    assert (target / "index.html").is_file()


def test_the_studios_own_command_is_run_and_its_lines_told(
    studio: Publishing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_TOKEN", "s3cr3t-value")
    script = """
import os, pathlib, sys
folder, stream, build = sys.argv[1:]
assert (pathlib.Path(folder) / "index.html").is_file()
print("uploading with", os.environ["HOST_TOKEN"])
print(f"done, see https://films.example/{stream}/{build}/.")
"""
    hosted = with_command(studio, tmp_path, script)
    assert hosted.workbench.deliveries.targets() == ["folder", "command"]
    task = hosted.carried_out(hosted.workbench.deliveries.deploy(FILM, "command", override="x"))
    assert (task.state, task.error_message) == (TaskState.SUCCEEDED, None)
    build_id = task.result["build_id"]  # type: ignore[index]
    assert hosted.recorded()["url"] == f"https://films.example/{FILM}/{build_id}/"
    assert "uploading with •••" in hosted.shift.told.lines
    assert not any("s3cr3t" in line for line in hosted.shift.told.lines)


def test_a_command_that_fails_tells_its_end_and_records_nothing(studio: Publishing, tmp_path: Path) -> None:
    hosted = with_command(studio, tmp_path, "import sys\nprint('quota used up')\nsys.exit(3)\n")
    task = hosted.carried_out(hosted.workbench.deliveries.deploy(FILM, "command", override="x"))
    assert task.state is TaskState.FAILED
    assert "exit code 3" in str(task.error_message)
    assert "quota used up" in str(task.error_message)
    assert not (hosted.folder / "deployment.json").exists()


def test_a_command_that_never_ends_is_ended(studio: Publishing, tmp_path: Path) -> None:
    script = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    )
    hosted = with_command(studio, tmp_path, script, deploy_timeout_s=0.5)
    task = hosted.carried_out(hosted.workbench.deliveries.deploy(FILM, "command", override="x"))
    assert "took more than 0.5 s" in str(task.error_message)


def test_an_address_may_be_set_and_is_named_by_the_page(studio: Publishing, tmp_path: Path) -> None:
    hosted = with_command(studio, tmp_path, "print('fine')\n", deploy_url="https://films.example/{stream}/")
    task = hosted.carried_out(hosted.workbench.deliveries.deploy(FILM, "command", override="x"))
    assert hosted.recorded()["url"] == "https://films.example/film/"
    folder = hosted.workbench.deliveries.preview_folder(FILM, task.result["build_id"])  # type: ignore[index]
    assert 'content="https://films.example/film/"' in (folder / "index.html").read_text()


def test_a_command_that_names_no_address_is_told_what_to_do(studio: Publishing, tmp_path: Path) -> None:
    hosted = with_command(studio, tmp_path, "print('fine')\n")
    task = hosted.carried_out(hosted.workbench.deliveries.deploy(FILM, "command", override="x"))
    assert "named no address" in str(task.error_message)


def test_what_cannot_be_deployed_is_refused_before_it_is_queued(studio: Publishing) -> None:
    deliveries = studio.workbench.deliveries
    with pytest.raises(InputError, match="no target"):
        deliveries.deploy(FILM, "moon", override="x")
    with pytest.raises(RuleError, match="No command"):
        deliveries.deploy(FILM, "command", override="x")
    with pytest.raises(InputError, match="longer than"):
        deliveries.deploy(FILM, override="x" * 501)
    with pytest.raises(NotFoundError):
        deliveries.deploy("nowhere")
    for role in (Role.VIEWER, Role.ANALYST):
        with pytest.raises(PermissionDeniedError):
            studio.as_(role).deliveries.deploy(FILM, override="x")
    (studio.folder / "production.json").write_text('{"stream": {"id": "film"}, "segments": []}')
    with pytest.raises(InputError, match="no segments"):
        deliveries.build(FILM)


def test_a_broken_deployment_file_stops_it_before_readers_see_anything(studio: Publishing) -> None:
    (studio.folder / "deployment.json").write_text("{broken")
    task = studio.carried_out(studio.workbench.deliveries.deploy(FILM, override="x"))
    assert (task.state, task.error_code) == (TaskState.FAILED, "stream_file")
    assert studio.workbench.deliveries.shown_build(FILM) is None
    assert (studio.folder / "deployment.json").read_text() == "{broken"


def test_a_lost_clip_is_named(studio: Publishing) -> None:
    for path in studio.settings.media_dir.glob("versions/*/*.mp4"):
        path.chmod(stat.S_IWUSR)
        path.unlink()
    task = studio.carried_out(studio.workbench.deliveries.build(FILM))
    assert (task.state, task.error_code) == (TaskState.FAILED, "lost_file")
    assert "segment 1" in str(task.error_message)


def test_a_job_that_is_repeated_after_its_worker_died_is_recorded_once(studio: Publishing) -> None:
    folder = studio.settings.data_dir / "job"
    folder.mkdir()
    asked = {"target": "folder", "override": "x"}
    job = StreamJob("t", "deploy", FILM, asked, "dora", studio.settings, folder)
    first = site_jobs.deploy(job, studio.shift.told)
    assert site_jobs.deploy(job, studio.shift.told) == first
    assert len(studio.workbench.deliveries.deployments(FILM)) == 1
