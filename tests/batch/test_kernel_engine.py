from __future__ import annotations

from director_lib.batch.kernel_engine import kernel_environment


def test_a_kernel_learns_the_settings_and_no_secret() -> None:
    outer = {
        "PATH": "/bin",
        "GOOGLE_AI_API_KEY": "k",
        "REPLICATE_API_TOKEN": "t",
        "DIRECTOR_SECRET_KEY": "s",
        "DB_PASSWORD": "p",
        "DIRECTOR_DB_PATH": "/old.db",
    }
    found = kernel_environment(outer, {"DIRECTOR_DB_PATH": "/new.db", "DIRECTOR_SECRET_KEY": "s"})
    assert found == {"PATH": "/bin", "DIRECTOR_DB_PATH": "/new.db"}


def test_a_run_started_from_a_page_is_no_page_itself() -> None:
    outer = {"VOILA_BASE_URL": "/", "SERVER_SOFTWARE": "voila", "DIRECTOR_REQUEST": "{}", "LANG": "C"}
    assert kernel_environment(outer, {}) == {"LANG": "C"}
