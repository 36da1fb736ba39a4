"""No hand-written file above 350 lines: a longer one holds a second idea."""
import pathlib

from . import tree

LIMIT = 350


def check(root: pathlib.Path, fixture: bool = False):
    complaints = []
    for path, name in tree.files(root, tree.CODE + (".py", ".sh", ".proto", ".sql", ""), fixture):
        if path.suffix == "" and not name.startswith("scripts/"):
            continue
        count = len(tree.lines(path)) - 1
        if count > LIMIT:
            complaints.append(f"{name}: {count} lines, at most {LIMIT}")
    return complaints
