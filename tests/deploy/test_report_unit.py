from __future__ import annotations

import configparser

from tests.deploy.deployment import FOLDER, unit
from tests.docs.test_commands import COMMANDS, find_command, long_options


def test_the_weekly_report_is_no_root_may_write_one_folder_and_calls_what_exists() -> None:
    service = unit("director-report.service")["Service"]
    assert (service["Type"], service["User"], service["ProtectSystem"]) == ("oneshot", "director", "strict")
    assert service["StateDirectory"] == "director"
    words = service["ExecStart"].split()
    assert words[words.index("--out") + 1].startswith("/var/lib/director/")
    path, rest = find_command(["director", *words[1:]])
    assert path == "director report"
    assert {word for word in rest if word.startswith("--")} <= set(long_options(COMMANDS[path]))
    assert not any("KEY" in line or "worker.env" in line for line in service.values())


def test_the_timer_makes_up_for_a_morning_on_which_the_machine_was_off() -> None:
    timer = configparser.ConfigParser()
    timer.read(FOLDER / "director-report.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"].startswith("Mon")
