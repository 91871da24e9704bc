"""Placing an order: look up what the model takes, upload pictures, and make the one call that is paid for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.engines.remote import Order
from director_lib.engines.replicate.answers import read_body, read_order_id
from director_lib.engines.replicate.client import ReplicateClient
from director_lib.engines.replicate.inputs import build_input, picture_slot
from director_lib.engines.replicate.marks import METADATA_KEY, mark_s
from director_lib.engines.replicate.models import find_known_schema, gone_message
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.engines.replicate.schema import ModelSchema, read_schema
from director_lib.errors import EngineBusyError, EngineError, StorageError

_MIME_BY_START = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def place(order: Order, client: ReplicateClient, options: ReplicateOptions) -> str:
    """Place an order and return the job's id; see ``ReplicateEngine.submit``."""
    request = order.request
    model = options.model_for(request.kind)
    if model is None:
        raise EngineError(
            "Replicate is not set up for stills. Nothing was charged. Choose a model for stills, such as "
            "black-forest-labs/flux-1.1-pro, or another engine."
        )
    pictures = _pictures(order)
    schema = _schema(client, model, request.kind)
    key = picture_slot(schema, request.kind, len(pictures), model)
    urls = [_upload(client, path, order.tag) for path in pictures]
    values = build_input(request, schema, (key, urls), options.further_input(request.kind), model)
    path, body = _address(model, schema)
    headers = {"Cancel-After": f"{mark_s(order.tag, options.cancel_after_s)}s"}
    answer = client.post(path, {**body, "input": values}, headers)
    return read_order_id(answer, gone=gone_message(model, request.kind))


def _pictures(order: Order) -> tuple[Path, ...]:
    """Return what is sent along: a clip's keyframe, which shows the references already, or a still's."""
    if order.request.kind is not Kind.VIDEO:
        return order.references
    if order.keyframe is None or not order.keyframe.is_file():
        raise EngineError(
            f"Segment {order.request.segment_id} has no keyframe to film. Nothing was charged. "
            "Make or choose its keyframe first, then the clip."
        )
    return (order.keyframe,)


def _schema(client: ReplicateClient, model: str, kind: Kind) -> ModelSchema:
    name, _, version = model.partition(":")
    answer = client.get(f"/v1/models/{name}" + (f"/versions/{version}" if version else ""))
    if answer.status == 404:
        raise EngineError(gone_message(model, kind))
    schema = read_schema(answer.body) if answer.is_good else None
    if schema is not None:
        return schema
    known = find_known_schema(model)
    must_tell = answer.status is not None and 300 <= answer.status < 500 and answer.status != 429
    if known is not None and answer.was_sent and not must_tell:
        return known
    read_body(answer, f"What the model {model} takes")
    raise EngineBusyError(
        f"Replicate does not say what the model {model} takes. Nothing was charged; it is tried again later. "
        "If it lasts, choose another model."
    )


def _upload(client: ReplicateClient, path: Path, tag: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read ({error.strerror}). Nothing was sent or charged; "
            "check the file, then retry the task."
        ) from error
    mime = next((mime for start, mime in _MIME_BY_START.items() if content.startswith(start)), "image/png")
    # the studio's own names of files are nobody's business there
    name = f"picture.{mime.partition('/')[2]}"
    body = read_body(client.upload(name, content, mime, {METADATA_KEY: tag}), "The upload of a picture")
    urls, sums = body.get("urls"), body.get("checksums")
    url = urls.get("get") if isinstance(urls, dict) else None
    sha256 = sums.get("sha256") if isinstance(sums, dict) else None
    if not isinstance(url, str) or sha256 not in (None, hashlib.sha256(content).hexdigest()):
        raise EngineBusyError(
            "A picture arrived at Replicate changed or without an address. Nothing was charged; "
            "the order is tried again later."
        )
    return url


def _address(model: str, schema: ModelSchema) -> tuple[str, dict[str, str]]:
    name, _, version = model.partition(":")
    version = version or schema.version or ""
    if version:
        return "/v1/predictions", {"version": version}
    return f"/v1/models/{name}/predictions", {}
