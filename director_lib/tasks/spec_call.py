"""The paid call for a first spec: made once, its answer kept."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from director_lib.domain.spec_plan import ANSWER_FORM, plan_words
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import StreamJob, StreamNews
from director_lib.engines.google.text_answers import TextAnswer
from director_lib.engines.google.texts import GoogleTextEngine
from director_lib.engines.registry import google_options
from director_lib.errors import ConfigError, EngineBusyError, EngineError, OutcomeUnknownError, RuleError
from director_lib.store.database import Database
from director_lib.store.job_receipts import (
    REFUSED,
    SUCCEEDED,
    UNSPENT,
    begin_receipt,
    close_receipt,
    find_receipt,
    take_back_receipt,
)
from director_lib.streams.atomic import atomic_write

_MOST_CALLS = 3
_USUAL_WAIT_S, _LONGEST_WAIT_S = 10.0, 60.0


class SpecCall:
    """The one paid call of a task; what it brought is kept until the task has ended."""

    def __init__(self, job: StreamJob, news: StreamNews, database: Database) -> None:
        self._job, self._news, self._database = job, news, database
        model = str(job.parameters["model"])
        settings = job.settings.model_copy(update={"google_spec_model": model})
        self._engine = GoogleTextEngine(google_options(settings))

    def find_answer(self) -> dict[str, Any] | None:
        """Find what was written before an interruption, and see to it that its receipt is closed."""
        file = self._answer_file
        if not file.is_file():
            return None
        kept: dict[str, Any] = json.loads(file.read_bytes())
        self._close(SUCCEEDED, kept["cost_usd"])
        content: dict[str, Any] = kept["content"]
        return content

    def make(self, stream: Stream) -> dict[str, Any]:
        """Call the model; tries again only when nothing was made or charged."""
        words = plan_words(stream)
        for number in range(1, _MOST_CALLS + 1):
            self._begin()
            try:
                answer = self._engine.write(words, ANSWER_FORM)
            except OutcomeUnknownError:
                raise
            except EngineBusyError as error:
                self._take_back()
                if number == _MOST_CALLS:
                    raise
                wait_s = min(error.retry_after_s or _USUAL_WAIT_S * number, _LONGEST_WAIT_S)
                self._news.line(error.user_message)
                self._news.progress(f"waiting {wait_s:.0f} s: Google has no time", 5)
                time.sleep(wait_s)
            except (ConfigError, EngineError):
                self._close(UNSPENT, 0.0)
                raise
            else:
                return self._keep(answer)
        raise AssertionError("the last call returns or raises")

    def _begin(self) -> None:
        """Commit the receipt, before anything is sent."""
        with self._database.write() as connection:
            receipt = find_receipt(connection, self._job.task_id)
            may_begin = begin_receipt(connection, self._job.task_id, datetime.now(UTC))
        if receipt is None:
            raise RuleError(
                "Nobody promised the money for this task. Nothing was sent; ask for the spec again."
            )
        if not may_begin:
            raise OutcomeUnknownError(
                "It was interrupted while Google wrote the spec. The text may have been written and charged, "
                "and nobody can tell. It is not asked for again by itself: look at the usage page of Google "
                "AI Studio, then try the task again if you want to pay for another one. Nothing was changed."
            )
        self._news.line(f"asks {receipt.model}, about ${receipt.estimated_usd:.2f}")
        self._news.progress("Google writes the spec", 10)

    def _take_back(self) -> None:
        with self._database.write() as connection:
            take_back_receipt(connection, self._job.task_id)

    def _keep(self, answer: TextAnswer) -> dict[str, Any]:
        """Keep what was paid for before the receipt is closed, so that a crash in between loses nothing."""
        state = SUCCEEDED if answer.content is not None else REFUSED
        if answer.content is not None:
            kept = {"content": answer.content, "cost_usd": answer.cost_usd}
            atomic_write(self._answer_file, json.dumps(kept).encode())
        self._close(state, answer.cost_usd)
        if answer.cost_usd is not None:
            self._news.line(f"Google counted tokens for ${answer.cost_usd:.4f} at list price")
        if answer.content is None:
            raise EngineError(f"{answer.fault} Nothing was changed.")
        return answer.content

    def _close(self, state: str, billed_usd: float | None) -> None:
        with self._database.write() as connection:
            close_receipt(connection, self._job.task_id, state, billed_usd, datetime.now(UTC))

    @property
    def _answer_file(self) -> Path:
        return self._job.folder / "answer.json"
