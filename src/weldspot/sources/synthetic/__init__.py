"""Weld photographs rendered by our own code, so that the experiment runs without an account or a network."""

from weldspot.sources.synthetic.export import write_export
from weldspot.sources.synthetic.scene import Rendered, render

__all__ = ["Rendered", "render", "write_export"]
