"""Jobs on streams that do what their name says; a worker takes them by ``--jobs``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from director_lib.domain.stream_task import StreamJob, StreamNews
from director_lib.errors import RuleError

_HERE = "tests.tasks.stream_doubles"
JOBS = {name: f"{_HERE}:{name}" for name in ("build", "deploy", "archive", "bring_back")}
SOURCE = f"{_HERE}:JOBS"


def build(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Say everything that a job can say."""
    news.progress("building", 50)
    news.line("first line\n")
    news.line("second line")
    (job.folder / "left").write_text("x")
    return {"stream": job.stream_id, "by": job.author, "told": dict(job.parameters)}


def deploy(_job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Refuse."""
    news.line("about to refuse")
    raise RuleError("The gate is closed. Nothing was deployed.")


def archive(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Start a program of its own and go on until the folder has a file that lets it go."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    begun = job.folder / "begun"
    turns = int(begun.read_text()) if begun.exists() else 0
    begun.write_text(str(turns + 1))
    let_go = job.settings.data_dir / "let-go"
    (job.settings.data_dir / "pids.json").write_text(json.dumps([os.getpid(), child.pid]))
    news.progress("archiving", 10)
    while not let_go.exists():
        time.sleep(0.02)
    return {"turns": turns + 1}


def bring_back(_job: StreamJob, _news: StreamNews) -> dict[str, Any]:
    """End without a word, as a process does that the system killed."""
    os._exit(9)
