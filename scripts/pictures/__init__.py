"""Pictures of the house, drawn from its code."""
import pathlib

from . import calls, includes, topics
from .code import Code


def drawn(root: pathlib.Path):
    """Path below the tree -> the picture as it is by the code."""
    code = Code(root)
    pictures = {"calls": calls.draw, "topics": topics.draw, "includes": includes.draw}
    return {f"docs/architecture/{name}.svg": draw(code) for name, draw in pictures.items()}
