"""From a request to the input that a model takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.replicate.fitting import fit_lines, fit_number, fit_ratio, fit_seed
from director_lib.engines.replicate.schema import ModelSchema
from director_lib.errors import EngineError

START_KEYS = (
    "start_image",
    "first_frame_image",
    "image",
    "input_image",
    "start_image_url",
    "image_url",
    "first_frame",
)
REFERENCE_LISTS = ("image_input", "input_images", "reference_images", "images", "image_inputs")
_SINGLE_REFERENCES = ("input_image", "image_prompt", "reference_image")
_MANY = 10


def sent_prompt(request: GenerationRequest) -> str:
    """Return the words that the model is given: how the camera moves, or what the still shows."""
    if request.kind is Kind.VIDEO:
        return request.motion_prompt or request.image_prompt
    return request.image_prompt


def most_references(schema: ModelSchema | None) -> int:
    """Return how many pictures a still's model takes to go by; one that is not known may take some."""
    if schema is None:
        return _MANY
    key = schema.find_key(REFERENCE_LISTS) or schema.find_key(_SINGLE_REFERENCES)
    if key is None:
        return 0
    slot = schema.slots[key]
    return (slot.most_items or _MANY) if slot.is_list else 1


def picture_slot(schema: ModelSchema, kind: Kind, n_pictures: int, model: str) -> str | None:
    """Return the input that takes the pictures; None when there are none.

    Raises:
        EngineError: The model takes no picture, or not so many.
    """
    if kind is Kind.VIDEO:
        key = schema.find_key(START_KEYS)
        if key is None:
            raise EngineError(
                f"The model {model} does not film a keyframe. Nothing was charged. "
                "Choose a model for the studio's clips that starts from an image."
            )
        return key
    if n_pictures == 0:
        return None
    key = schema.find_key(REFERENCE_LISTS) or schema.find_key(_SINGLE_REFERENCES)
    slot = schema.slots.get(key or "")
    most = 0 if slot is None else (slot.most_items or n_pictures) if slot.is_list else 1
    if n_pictures > most:
        raise EngineError(
            f"The model {model} takes {most or 'no'} reference picture{'s' if most != 1 else ''}, "
            f"not {n_pictures}. Nothing was charged. Remove references, or choose another model for stills."
        )
    return key


def build_input(
    request: GenerationRequest,
    schema: ModelSchema,
    pictures: tuple[str | None, Sequence[str]],
    further: Mapping[str, object],
    model: str,
) -> dict[str, object]:
    """Write the input of a model for a request.

    Args:
        pictures: The input that takes pictures, and their addresses.
        further: The studio's own inputs; they win over what is fitted, not over words and pictures.

    Raises:
        EngineError: The model needs an input that nobody gave.
    """
    values = _fitted(request, schema) | dict(further) | {"prompt": sent_prompt(request)}
    key, urls = pictures
    if key is not None and urls:
        values[key] = list(urls) if schema.slots[key].is_list else urls[0]
    missing = sorted(schema.needed - values.keys())
    if missing:
        raise EngineError(
            f"The model {model} also needs {', '.join(missing)}. Nothing was charged. "
            "Give it in the studio's inputs for this model, or choose another model."
        )
    return values


def _fitted(request: GenerationRequest, schema: ModelSchema) -> dict[str, object]:
    slots = schema.slots
    values: dict[str, object] = {}
    if "seed" in slots:
        values["seed"] = fit_seed(slots["seed"], request.seed)
    if "negative_prompt" in slots and request.negative_prompt:
        values["negative_prompt"] = request.negative_prompt
    if "aspect_ratio" in slots:
        values["aspect_ratio"] = fit_ratio(slots["aspect_ratio"], request.width, request.height)
    if request.kind is Kind.VIDEO:
        values |= _fitted_clip(request, schema)
    else:
        values |= _fitted_still(request, schema)
    return {name: value for name, value in values.items() if value is not None}


def _fitted_clip(request: GenerationRequest, schema: ModelSchema) -> dict[str, object]:
    slots = schema.slots
    values: dict[str, object] = {}
    if "duration" in slots:
        values["duration"] = fit_number(slots["duration"], request.duration_s)
    if "resolution" in slots:
        values["resolution"] = fit_lines(slots["resolution"], min(request.width, request.height))
    rate = schema.find_key(("fps", "frames_per_second"))
    if rate is not None:
        values[rate] = fit_number(slots[rate], request.fps)
    if "generate_audio" in slots:
        values["generate_audio"] = False  # the film has its own sound, and this one would be paid for
    return values


def _fitted_still(request: GenerationRequest, schema: ModelSchema) -> dict[str, object]:
    slots = schema.slots
    values: dict[str, object] = {}
    if "aspect_ratio" not in slots and {"width", "height"} <= slots.keys():
        values["width"] = fit_number(slots["width"], request.width)
        values["height"] = fit_number(slots["height"], request.height)
    if "num_outputs" in slots:
        values["num_outputs"] = 1
    if "png" in (slots["output_format"].choices if "output_format" in slots else ()):
        values["output_format"] = "png"
    return values
