"""Good payloads of the events about making, choosing and doing one thing to many segments."""

from __future__ import annotations

from typing import Any

REQUEST = {"request_id": "r1"}
SEGMENT = REQUEST | {"segment_id": 1}
ARM = {"engine": "google", "model": "fine-2", "prompt": "a lake", "preset_id": 0}
HOW = {"engine": "google", "model": "quick-1", "variants": 3, "arms": [ARM], "blind": False}
SHOWN = [{"segment_id": 1, "sha256": "ab", "seen_seq": 0}, {"segment_id": 2, "sha256": None, "seen_seq": 4}]
MAKING_EVENTS: dict[str, dict[str, Any]] = {
    "price": SEGMENT | HOW | {"references": []},
    "regenerate": SEGMENT
    | HOW
    | {
        "image_prompt": "a",
        "motion_prompt": "",
        "negative_prompt": "",
        "base_texts": {"image_prompt": "a", "motion_prompt": "", "negative_prompt": ""},
        "seed": "new",
        "references": [7],
        "sha256": None,
        "seen_seq": 0,
        "allow_unapproved_keyframe": False,
    },
    "advice": SEGMENT,
    "take_suggestions": REQUEST | {"suggestion_ids": [4, 7], "task_id": None},
    "pick_variant": REQUEST | {"set_id": "v_1", "version_id": 101},
    "pick_blind": REQUEST | {"set_id": "v_1", "position": 2},
    "tie_variants": REQUEST | {"set_id": "v_1"},
    "lift_blindness": REQUEST | {"set_id": "v_1"},
    "choose_engine": REQUEST | {"segment_id": None, "engine": "google", "model": ""},
    "forget_engine": REQUEST | {"segment_id": 1},
    "approve_selected": REQUEST | {"shown": SHOWN},
    "plan_selected": REQUEST | HOW | {"segment_ids": [1, 2], "engine": None},
    "regenerate_selected": REQUEST | HOW | {"shown": SHOWN},
    "comment_selected": REQUEST | {"segment_ids": [1, 2], "text": "Warmer."},
}
BAD_MAKING: list[tuple[str, dict[str, Any]]] = [
    ("regenerate", {"seed": "random"}),
    ("regenerate", {"base_texts": None}),
    ("regenerate", {"base_texts": {"image_prompt": "a"}}),
    ("regenerate", {"references": ["7"]}),
    ("regenerate", {"variants": True}),
    ("price", {"model": None}),
    ("price", {"arms": [ARM] * 5}),
    ("price", {"arms": [ARM | {"seed": 1}]}),
    ("regenerate", {"arms": [ARM | {"preset_id": None}]}),
    ("regenerate", {"blind": 1}),
    ("take_suggestions", {"suggestion_ids": []}),
    ("take_suggestions", {"task_id": ""}),
    ("pick_blind", {"position": "2"}),
    ("pick_variant", {"version_id": "101"}),
    ("choose_engine", {"engine": ""}),
    ("approve_selected", {"shown": []}),
    ("approve_selected", {"shown": [{"segment_id": 1, "sha256": "ab"}]}),
    ("approve_selected", {"shown": [{"segment_id": "1", "sha256": "ab", "seen_seq": 0}]}),
    ("approve_selected", {"shown": [1]}),
    ("regenerate_selected", {"shown": {"1": "ab"}}),
    ("comment_selected", {"segment_ids": []}),
]
