"""Which files a rule looks at."""
import pathlib
import subprocess

CODE = (".cpp", ".hpp")
SKIP = ("build", "run", ".cache", ".git")


def files(root: pathlib.Path, suffixes, fixture: bool = False):
    """Tracked and new files of the tree with one of the suffixes; fixtures of the checker are no part of it."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else [str(p.relative_to(root)) for p in root.rglob("*")]
    for name in sorted(set(names)):
        path = root / name
        if not name or not path.is_file() or path.suffix not in suffixes:
            continue
        if name.split("/")[0] in SKIP or (not fixture and name.startswith("tests/check/fixtures/")):
            continue
        yield path, name


def lines(path: pathlib.Path):
    return path.read_text(encoding="utf-8", errors="replace").split("\n")
