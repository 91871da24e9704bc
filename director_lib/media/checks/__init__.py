"""Automatic looks at new stills and clips: black, frozen, off palette, unlike its keyframe, seen before."""

from director_lib.media.checks.clip import ClipExpectation, check_clip
from director_lib.media.checks.still import StillExpectation, check_still

__all__ = ["ClipExpectation", "StillExpectation", "check_clip", "check_still"]
