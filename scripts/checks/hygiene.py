"""What must not be in the tree: paths of a machine, unfinished-work marks, generated or binary files, vague names."""
import pathlib
import re

from . import tree

TEXT = tree.CODE + (".py", ".sh", ".proto", ".sql", ".md", ".json", ".yaml", ".txt", ".cmake", "")
LINES = [
    ("machine path", re.compile(r"(?<![\w.])/(home|root|work|farm)/[a-z]")),
    ("unfinished-work mark", re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")),
]
NAMES = re.compile(r"(^|[/_])(utils?|managers?|helpers?|common|misc)([_./]|$)")
GENERATED = re.compile(r"\.(pb\.(h|cc)|o|a|so|class|jar|pyc)$")


def check(root: pathlib.Path, fixture: bool = False):
    complaints = []
    for path, name in tree.files(root, TEXT, fixture):
        if name.startswith("scripts/checks/"):
            continue
        if NAMES.search(name):
            complaints.append(f"{name}: say what it is for; utils, managers, helpers and common say nothing")
        for number, line in enumerate(tree.lines(path), 1):
            complaints += [f"{name}:{number}: {what}" for what, pattern in LINES if pattern.search(line)]
    for path, name in tree.files(root, (".h", ".cc", ".o", ".a", ".so", ".class", ".jar", ".pyc"), fixture):
        if GENERATED.search(name):
            complaints.append(f"{name}: generated or binary")
    return complaints
