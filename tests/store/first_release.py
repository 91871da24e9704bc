"""A studio as the first release left it: rows for every table of schema 0001, as they are stored."""

from __future__ import annotations

import json
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

REVISION = "0001"
NOON_US = 1_795_262_400_000_000
"""2026-11-21 12:00 UTC in microseconds since 1970."""
STILL, BETTER, CLIP = "ab" * 32, "cd" * 32, "ef" * 32
REQUEST = (
    '{"stream_id": "film", "segment_id": 1, "kind": "keyframe", "engine": "local", "image_prompt": '
    '"szürke tenger ☂", "motion_prompt": "", "negative_prompt": "people", "seed": 1099511627776, "palette": '
    '{"night": "#0b1020"}, "width": 1280, "height": 720, "duration_s": 5.0, "fps": 24, '
    '"source_version_id": null}'
)


def _at(seconds: int) -> int:
    return NOON_US + seconds * 1_000_000


def _event(seq: int, verb: str, details: dict[str, Any], chain: str, **place: Any) -> dict[str, Any]:
    where = {"stream_id": "film", "recorded_stream_id": "film", "segment_id": 1, "kind": "keyframe"} | place
    return {
        "seq": seq,
        "verb": verb,
        "actor": "dora",
        "details": json.dumps(details),
        "happened_at": _at(seq),
        "chain_sha256": chain,
        **where,
    }


def _row(columns: str, *values: Any) -> dict[str, Any]:
    return dict(zip(columns.split(), values, strict=True))


def _version(number: int, asset_id: int, version: int, sha256: str, **made_of: Any) -> dict[str, Any]:
    facts = {"extension": ".png", "size_bytes": 2**33, "width": 1280, "height": 720, "duration_s": None}
    unknown = dict.fromkeys(
        ("image_prompt", "motion_prompt", "negative_prompt", "engine", "model", "seed", "source_version_id")
    )
    return {
        "id": number,
        "asset_id": asset_id,
        "number": version,
        "sha256": sha256,
        **facts,
        "origin": "found",
        **unknown,
        "params": "{}",
        "cost_usd": 0.0,
        "task_id": None,
        "author": None,
        "created_at": _at(number),
        **made_of,
    }


def _task(task_id: str, seq: int, state: str, **facts: Any) -> dict[str, Any]:
    open_ended = (
        "started_at",
        "ended_at",
        "cancel_requested_at",
        "error_code",
        "error_message",
        "version_id",
    )
    return {
        "id": task_id,
        "seq": seq,
        "asset_id": 1,
        "engine": "local",
        "request": REQUEST,
        "dedup_key": f"key {task_id}",
        "state": state,
        "phase": state,
        "percent": 0.0,
        "priority": 10,
        "price_usd": 0.04,
        "author": "dora",
        "queued_at": _at(seq),
        **dict.fromkeys(open_ended),
        **facts,
    }


def _decision(seq: int, version_id: int, sha256: str, decision: str, **facts: Any) -> dict[str, Any]:
    return {
        "seq": seq,
        "asset_id": 1,
        "version_id": version_id,
        "sha256": sha256,
        "decision": decision,
        "note": "",
        "actor": "dora",
        "decided_at": _at(seq),
        "viewed_at": None,
        "undoes": None,
        **facts,
    }


ROWS: Rows = {
    "people": [
        {
            "id": number,
            "username": name,
            "display_name": name.title(),
            "role": role,
            "password_hash": password,
            "is_disabled": disabled,
            "preferences": '{"theme": "dark"}',
            "created_at": _at(0),
        }
        for number, name, role, password, disabled in (
            (1, "dora", "director", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", False),
            (2, "pali", "producer", None, True),
        )
    ],
    "sessions": [
        _row(
            "token_sha256 person_id purpose created_at expires_at",
            "12" * 32,
            1,
            "session",
            _at(1),
            _at(10**9),
        )
    ],
    "streams": [
        _row("id title first_seen_at", stream_id, "", _at(0))
        for stream_id in ("film", "old~20261101T101500Z-ab12")
    ],
    "assets": [
        {
            "id": number,
            "stream_id": "film",
            "segment_id": 1,
            "kind": kind,
            "current_version_id": current,
            "pending_version_id": None,
            "file_path": path,
            "file_stamp": "10:20",
        }
        for number, kind, current, path in (
            (1, "keyframe", 2, "keyframes/segment_1_keyframe.png"),
            (2, "video", 3, "videos/segment_1.mp4"),
        )
    ],
    "versions": [
        _version(1, 1, 1, STILL),
        _version(
            2,
            1,
            2,
            BETTER,
            origin="generated",
            image_prompt="szürke tenger ☂",
            negative_prompt="people",
            engine="local",
            model="local/1",
            seed=2**40,
            params='{"steps": 4}',
            cost_usd=0.04,
            task_id="t_1",
            author="dora",
        ),
        _version(3, 2, 1, CLIP, extension=".mp4", duration_s=5.0, source_version_id=2),
    ],
    "decisions": [
        _decision(1, 1, STILL, "regenerate", note="túl sötét", viewed_at=_at(0)),
        _decision(2, 2, BETTER, "approved"),
        _decision(3, 2, BETTER, "approved", undoes=2),
        _decision(4, 2, BETTER, "approved_with_notes", note="warmer next time"),
    ],
    "comments": [
        {
            "id": number,
            "asset_id": 2,
            "version_id": 3,
            "parent_id": parent,
            "text": "the wave jumps",
            "frame": 12,
            "region": region,
            "author": "dora",
            "created_at": _at(number),
            "resolved_at": resolved,
            "resolved_by": None if resolved is None else "pali",
        }
        for number, parent, region, resolved in ((1, None, '{"x": 0.25}', None), (2, 1, None, _at(9)))
    ],
    "tasks": [
        _task("t_1", 1, "succeeded", percent=100.0, started_at=_at(2), ended_at=_at(4), version_id=2),
        _task("t_2", 2, "failed", error_code="engine", error_message="It broke.", ended_at=_at(5)),
        _task("t_3", 3, "queued"),
    ],
    "attempts": [
        {
            "id": 1,
            "task_id": "t_1",
            "tag": "t_1:1",
            "engine": "local",
            "model": "local/1",
            "state": "succeeded",
            "estimated_usd": 0.04,
            "billed_usd": 0.03,
            "remote_id": "job-1",
            "started_at": _at(2),
            "ended_at": _at(4),
            "error_message": None,
        }
    ],
    "events": [
        _event(
            1, "found", {"sha256": STILL}, "30b3061effa2e621f0c6864b051746838e7019e9281849f5cbf4d336f4f99dcc"
        ),
        _event(
            2,
            "regenerate",
            {"note": "túl sötét", "version": 1},
            "adcadc6280abfe44abd8cb1f0ca4b90fe31d107ddf93a316d0fe0f0bc107d46c",
        ),
        _event(
            3,
            "changed_password",
            {"person": "dora"},
            "110c199fb281c098abc385dcec454b255c80166350a309491e379c7c8719980b",
            stream_id=None,
            recorded_stream_id=None,
            segment_id=None,
            kind=None,
        ),
        _event(
            4,
            "approved",
            {"version": 2},
            "b3d8dfbffb07db892b88ea89b7079f02bcfbd45d334271f345fd495df3583bcc",
            stream_id="film",
            recorded_stream_id="working-title",
        ),
    ],
    "undo_steps": [
        _row(
            "seq actor stream_id label payload created_at undone_at",
            1,
            "dora",
            "film",
            "approved segment 1",
            '{"decision_seqs": [4], "task_ids": [], "previous_version_ids": []}',
            _at(4),
            None,
        )
    ],
    "presets": [
        _row(
            "id name category text author created_at use_count", 1, "dusk", "light", "low", "dora", _at(1), 3
        )
    ],
    "drafts": [
        _row(
            "actor stream_id segment_id field text base_text saved_at",
            *("dora", "film", 1, "image_prompt", "a brighter sea", "a sea", _at(6)),
        )
    ],
    "checkpoints": [
        _row(
            "seq stream_id checkpoint decision content_sha256 note actor happened_at",
            *(1, "film", "story", "approved", "34" * 32, "go", "dora", _at(1)),
        )
    ],
    "runs": [
        _row(
            "id notebook notebook_sha256 parameters state output_path author started_at ended_at "
            "error_message",
            *("r_1", "report.ipynb", "56" * 32, '{"stream": "film"}', "succeeded", "r_1.ipynb", "dora"),
            *(_at(1), _at(2), None),
        )
    ],
}
