"""What film makers say in prompts about camera, light, colour, framing and pace: phrases to look for."""

from __future__ import annotations

from collections.abc import Mapping

LEXICON: Mapping[str, tuple[str, ...]] = {
    "camera": (
        "pan", "pan left", "pan right", "slow pan", "gentle pan", "whip pan", "tilt", "tilt up", "tilt down",
        "slow tilt", "push in", "slow push in", "gentle push in", "pull out", "slow pull out", "pull back",
        "zoom", "zoom in", "slow zoom", "crash zoom", "dolly", "dolly in", "dolly out", "slow dolly",
        "tracking shot", "crane shot", "crane up", "orbit", "slow orbit", "handheld", "hand held",
        "static shot", "locked off", "locked off camera", "drift", "slow drift", "parallax", "roll",
        "langsame kamerafahrt", "langsamer schwenk", "kamerafahrt", "schwenk", "statische kamera",
        "lassú közelítés", "lassú pásztázás", "álló kamera", "kézikamera",
    ),
    "framing": (
        "close up", "extreme close up", "medium shot", "wide shot", "extreme wide shot", "establishing shot",
        "low angle", "high angle", "bird's eye view", "over the shoulder", "shallow depth of field",
        "deep focus", "rule of thirds", "negative space", "symmetrical", "centered", "silhouette",
        "nahaufnahme", "totale", "közeli", "nagytotál",
    ),
    "lighting": (
        "golden hour", "blue hour", "soft light", "soft lighting", "hard light", "backlit", "rim light",
        "candlelight", "moonlight", "natural light", "window light", "volumetric light", "god rays",
        "low key", "high key", "dramatic lighting", "overcast", "neon", "lens flare", "bokeh", "fog", "mist",
        "goldene stunde", "weiches licht", "gegenlicht", "aranyóra", "lágy fény", "ellenfény",
    ),
    "colour": (
        "muted colors", "muted palette", "warm palette", "warm tones", "cool tones", "pastel", "desaturated",
        "monochrome", "black and white", "sepia", "vibrant colors", "teal and orange", "earth tones",
        "high contrast", "low contrast",
    ),
    "style": (
        "watercolor", "oil painting", "ink drawing", "gouache", "charcoal", "film grain", "35mm film",
        "cinematic", "photorealistic", "illustration", "storybook", "anamorphic", "vintage", "minimalist",
        "aquarell", "ölgemälde", "akvarell", "olajfestmény",
    ),
    "pace": (
        "slow motion", "time lapse", "slowly", "gently", "subtle movement", "fast", "shaky", "smooth",
        "hair moves in the wind", "gentle breeze", "langsam", "lassan",
    ),
}  # fmt: skip
"""Phrases by what they are about; matched as words, so case and hyphens do not matter."""

_SMALL = (
    "a an the and or of in on at to from with by for over under into onto is are as it its his her their "
    "this that while no not very some "
    "der die das ein eine einer einem einen und oder von vom im am auf zu zum mit bei aus für über ist "
    "az egy és vagy nem hogy de "
    "le la les un une des du et en dans sur au aux el los las y con por para il lo gli e di del della che "
    "o os um uma do da och att ett i på med w z na się het een van op"
)
SMALL_WORDS = frozenset(_SMALL.split())
"""Words that no phrase begins or ends with."""
