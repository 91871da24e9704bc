"""An executed notebook for reading and for printing: no code, no scripts, nothing fetched."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

from director_lib.batch.notebook_blocks import failure_words, notebook_blocks
from director_lib.batch.paper_blocks import Heading
from director_lib.domain.batch_run import Run
from director_lib.metrics.trend import studio_zone

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
_STYLE = Path(__file__).with_name("paper.css")
_UNUSED_ADDRESSES = (
    "require_js_url",
    "mathjax_url",
    "jquery_url",
    "mermaid_js_url",
    "html_manager_semver_range",
)


def write_papers(run: Run, time_zone: str) -> tuple[tuple[Path, Path], Any]:
    """Write the HTML and the PDF of a run beside its executed notebook.

    Args:
        time_zone: IANA name; the running head of the PDF tells when the run began.

    Returns:
        HTML and PDF, and the executed notebook as it was read.
    """
    import nbformat

    from director_lib.batch.paper_pdf import paper_pdf

    notebook = nbformat.read(run.output_path, as_version=4)  # type: ignore[no-untyped-call]
    title = run.notebook.stem.replace("_", " ").capitalize()
    html_path = write_page(notebook, run.output_path.with_suffix(".html"), title=title)
    made_at = run.started_at.astimezone(studio_zone(time_zone))
    blocks = notebook_blocks(notebook)
    subject = next((one.text for one in blocks if isinstance(one, Heading) and one.level == 1), title)
    named = title if subject.casefold() == title.casefold() else f"{title} · {subject}"
    pdf = paper_pdf(blocks, title=named, made_at=made_at)
    return (html_path, _put(run.output_path.with_suffix(".pdf"), pdf)), notebook


def write_page(notebook: Any, html_path: Path, *, title: str) -> Path:
    """Write an executed notebook as one self-contained HTML file.

    Prose and outputs stay, code goes. The page carries a policy that forbids scripts and every request, so
    that it opens the same way offline and cannot be made to run what a title says.

    Args:
        notebook: The executed notebook.
        html_path: File to write; its folder exists.
        title: Of the page; text, not markup.

    Returns:
        ``html_path``.
    """
    from copy import deepcopy

    from nbconvert import HTMLExporter

    shown = deepcopy(notebook)
    shown.metadata.pop("widgets", None)
    for cell in shown.cells:
        cell["outputs"] = [_without_code(output) for output in cell.get("outputs", [])]
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert is partly typed
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    for address in _UNUSED_ADDRESSES:
        setattr(exporter, address, "")
    body, _resources = exporter.from_notebook_node(shown)
    return _put(html_path, _page(title, body).encode("utf-8"))


def _without_code(output: Any) -> Any:
    """Let a failed cell say why in a sentence; its traceback shows code."""
    if output["output_type"] != "error":
        return output
    from nbformat.v4 import new_output

    words = f'<p class="warning">{escape(failure_words(output))}</p>'
    return new_output("display_data", data={"text/html": words})  # type: ignore[no-untyped-call]


def _page(title: str, body: str) -> str:
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _put(path: Path, content: bytes) -> Path:
    """Write a file at once, so that nobody finds half of it."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    os.replace(partial, path)  # noqa: PTH105 - the atomic one by name
    return path
