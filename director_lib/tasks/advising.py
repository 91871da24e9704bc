"""Learning advice anew when enough was decided: when it is due, and doing it in a process of its own."""

from __future__ import annotations

import logging
import multiprocessing
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from director_lib.config import Settings
from director_lib.errors import DirectorError, StorageError
from director_lib.store.advice_reads import newest_decision_seq
from director_lib.store.database import Database, open_database

_log = logging.getLogger("director.worker")
_FEWEST_NEW = 20
_NEW_SHARE = 0.02
_SOON, _LATE = timedelta(hours=1), timedelta(days=1)
_NICE = 10


def is_due(settings: Settings, database: Database, now: datetime) -> bool:
    """Tell whether enough was decided to learn again.

    At once when something was decided and nothing was learned yet; then after 2 % more decisions, at least
    20; any new one after an hour; and once a day, because streams and prompts come and go.

    Raises:
        StorageError: The database cannot be asked now.
    """
    from director_lib.advice.model import advice_folder, read_facts

    with database.read() as connection:
        seq = newest_decision_seq(connection)
    if not seq:
        return False
    facts = read_facts(advice_folder(settings.data_dir))
    if not facts:
        return True
    new, age = seq - int(facts["seen_seq"]), now - datetime.fromisoformat(facts["fitted_at"])
    enough = max(_FEWEST_NEW, _NEW_SHARE * float(facts["n_attempts"]))
    return new >= enough or (new != 0 and age >= _SOON) or age >= _LATE


def learn(settings: Settings, database: Database, now: datetime) -> dict[str, Any]:
    """Learn from everything that was decided, and put it where pages read it.

    Returns:
        What is known of the fit; see ``director_lib.advice.fitting``.

    Raises:
        StorageError: The database cannot be read, or the files cannot be written; what was learned before
        stays.
    """
    from director_lib.advice.attempts import attempts_frame
    from director_lib.advice.fitting import fit
    from director_lib.advice.model import advice_folder, write_model
    from director_lib.advice.uptake import measure_uptake
    from director_lib.metrics.effective import effective_decisions
    from director_lib.store.advice_reads import list_shared_preset_texts, read_params
    from director_lib.store.frames import decisions_frame, versions_frame
    from director_lib.store.suggestions import find_first_shown_at, list_showings, versions_made_with

    with database.read() as connection:
        seq = newest_decision_seq(connection)
        decisions, versions = decisions_frame(connection), versions_frame(connection)
        params, presets = read_params(connection), list_shared_preset_texts(connection)
        made_with, showings = versions_made_with(connection), list_showings(connection)
        since = find_first_shown_at(connection)
    suffixes = _suffixes(settings, sorted(set(decisions["stream_id"])))
    fitted = fit(attempts_frame(decisions, versions, suffixes=suffixes, params=params), presets=presets)
    judged = effective_decisions(decisions).merge(
        versions[["version_id", "created_at", "origin"]], on="version_id"
    )
    judged = judged[judged["origin"] == "generated"]
    uptake = asdict(measure_uptake(judged, made_with, showings, since=since))
    facts = {**fitted.facts, "uptake": uptake, "seen_seq": seq, "fitted_at": now.isoformat()}
    folder = advice_folder(settings.data_dir)
    try:
        model_id = write_model(folder, fitted.arrays, facts)
    except OSError as error:
        raise StorageError(
            f"What was learned cannot be written to {folder} ({error.strerror}). What was learned before "
            "stays. Make room there or mend its permissions."
        ) from error
    return {**facts, "id": model_id}


def learn_apart(settings: Settings) -> None:
    """Learn in a process of its own, which gives its memory back and stands behind all others.

    It ends when this process does. Why it failed is in the log.
    """
    process = multiprocessing.get_context("spawn").Process(target=_learn_here, args=(settings,), daemon=False)
    process.start()
    process.join()
    if process.exitcode:
        _log.warning("advice could not be learned (exit code %s); trying again later", process.exitcode)


def _learn_here(settings: Settings) -> None:
    from director_lib.tasks.leash import tie_to_worker
    from director_lib.tasks.workshop import utc_now

    tie_to_worker()
    os.nice(_NICE)
    database = open_database(settings.database)
    try:
        learn(settings, database, utc_now())
    except DirectorError as error:
        _log.warning("advice could not be learned: %s", error)
    finally:
        database.close()


def _suffixes(settings: Settings, stream_ids: list[str]) -> dict[str, str]:
    from director_lib.streams.folder import StreamsRoot
    from director_lib.streams.reader import read_stream

    root, found = StreamsRoot(settings.streams_root), {}
    for stream_id in stream_ids:
        try:
            found[stream_id] = read_stream(root, stream_id).prompt_suffix
        except DirectorError:
            # its prompts count as they were sent
            continue
    return found
