"""The words that are sent to Google's models: they take no palette and no negative prompt beside the text."""

from __future__ import annotations

from director_lib.domain.task import GenerationRequest

_STILLNESS = "Slow, subtle, natural movement; the camera stays where it is."
_ONE_SHOT = "In a single continuous shot, no scene cuts."


def picture_words(request: GenerationRequest, n_references: int) -> str:
    """Return the text that goes after the reference pictures of a still."""
    lines = [request.image_prompt.strip(), _palette(request), _unwanted(request)]
    if n_references:
        lines.insert(1, "Go by the attached reference pictures for who, where and in what style.")
    return sendable("\n".join(line for line in lines if line))


def clip_words(request: GenerationRequest, n_references: int) -> str:
    """Return the text that goes after the pictures of a clip: first its keyframe, then the references."""
    motion = request.motion_prompt.strip() or _STILLNESS
    words = [_roles(n_references), motion, _ONE_SHOT, _unwanted(request)]
    if n_references:
        words.append("Use Image1 as the starting frame.")
        words.append(f"Use {_images(n_references)} as references only, not as frames of the video.")
    return sendable(" ".join(word for word in words if word))


def sendable(text: str) -> str:
    """Replace what no JSON can hold, so that an order does not break halfway."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _roles(n_references: int) -> str:
    """Say which picture is what, in the tags that the video models were taught."""
    if not n_references:
        return "<FIRST_FRAME>"
    tags = " ".join(f"<IMAGE_REF_{n}>@Image{n + 2}" for n in range(n_references))
    return f"[# Sources <FIRST_FRAME>@Image1] [# References {tags}]"


def _images(n_references: int) -> str:
    return " and ".join(f"Image{n + 2}" for n in range(n_references))


def _palette(request: GenerationRequest) -> str:
    colours = ", ".join(f"{name} {value}" for name, value in request.palette.items())
    return f"Colour palette: {colours}." if colours else ""


def _unwanted(request: GenerationRequest) -> str:
    unwanted = request.negative_prompt.strip().rstrip(".")
    return f"Do not show: {unwanted}." if unwanted else ""
