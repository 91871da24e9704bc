"""An executed notebook as a page for reading: no code, no scripts, nothing fetched."""

from __future__ import annotations

from html import escape
from pathlib import Path

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
_STYLE = Path(__file__).with_name("paper.css")


def write_page(notebook_path: Path, html_path: Path, *, title: str) -> Path:
    """Write an executed notebook as one self-contained HTML file.

    Prose and outputs stay, code goes. The page carries a policy that forbids scripts and every request, so
    that it opens the same way offline and cannot be made to run what a title says.

    Args:
        notebook_path: The executed notebook.
        html_path: File to write; its folder exists.
        title: Of the page; text, not markup.

    Returns:
        ``html_path``.
    """
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.read(notebook_path, as_version=4)  # type: ignore[no-untyped-call]
    notebook.metadata.pop("widgets", None)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert is partly typed
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    for address in (
        "require_js_url",
        "mathjax_url",
        "jquery_url",
        "mermaid_js_url",
        "html_manager_semver_range",
    ):
        setattr(exporter, address, "")
    body, _resources = exporter.from_notebook_node(notebook)
    html_path.write_text(_page(title, body), encoding="utf-8")
    return html_path


def _page(title: str, body: str) -> str:
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
