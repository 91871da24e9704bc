"""The durable queue and its worker. Pages never import it: they write tasks through the workbench."""
