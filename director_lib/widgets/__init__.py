"""Vue components with their Python side. They know the domain's words and callbacks, nothing else.

One folder per screen: a class of ``Screen`` (``x.py``), its component (``x.vue``), child components, and the
browser's logic as ``.mjs`` modules that node can test. Pages compose them with workbench calls.
"""
