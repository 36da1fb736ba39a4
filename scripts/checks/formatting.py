"""clang-format-16 with the tree's .clang-format changes nothing."""
import pathlib
import shutil
import subprocess

from . import tree

TOOL = "clang-format-16"


def check(root: pathlib.Path, fixture: bool = False):
    if not shutil.which(TOOL):
        return [f"{TOOL} is missing: run scripts/install --check"]
    style = pathlib.Path(__file__).resolve().parent.parent.parent / ".clang-format"
    paths = [str(path) for path, _ in tree.files(root, tree.CODE, fixture)]
    complaints = []
    for start in range(0, len(paths), 50):
        run = subprocess.run([TOOL, f"--style=file:{style}", "--dry-run", "-Werror", *paths[start:start + 50]],
                             capture_output=True, text=True)
        complaints += sorted({line.split(":")[0] for line in run.stderr.split("\n") if "error:" in line})
    return [f"{path}: run {TOOL} -i" for path in complaints]
