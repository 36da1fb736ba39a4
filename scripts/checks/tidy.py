"""clang-tidy-16 with the tree's .clang-tidy; on changed files by default, on everything in scripts/test --full.

A file found clean is not looked at again while the tool, its settings, its command and every file it includes stay the
same: what ninja knows of its includes decides, and a file ninja knows nothing of is always looked at.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

from . import tree

TOOL = "clang-tidy-16"
scope = "changed"


def changed_names(root: pathlib.Path):
    base = subprocess.run(["git", "merge-base", "HEAD", "origin/main"], cwd=root, capture_output=True, text=True)
    since = base.stdout.strip() or "HEAD~1"
    listed = subprocess.run(["git", "diff", "--name-only", since], cwd=root, capture_output=True, text=True)
    return set(listed.stdout.split("\n"))


def run_on(arguments, name: str):
    run = subprocess.run(arguments, capture_output=True, text=True)
    lines = [line for line in run.stdout.split("\n") if "error:" in line or "warning:" in line]
    return lines or ([f"{name}: {run.stderr.strip()[:300]}"] if run.returncode else [])


@functools.lru_cache(maxsize=None)
def content_of(path: str) -> bytes:
    """A system header changes only with its package: its size tells."""
    if path.startswith("/usr/"):
        return str(os.stat(path).st_size).encode()
    return hashlib.sha256(pathlib.Path(path).read_bytes()).digest()


class Known:
    """Which files were found clean, by a digest of all that decides it; kept beside the build."""

    def __init__(self, build: pathlib.Path, house: pathlib.Path):
        self.build, self.folder = build, build / "tidy-clean"
        self.folder.mkdir(exist_ok=True)
        version = subprocess.run([TOOL, "--version"], capture_output=True).stdout
        self.base = version + b"".join(path.read_bytes() for path in (house / ".clang-tidy", house / "tests/.clang-tidy"))
        entries = json.loads((build / "compile_commands.json").read_text())
        self.commands = {entry["file"]: entry for entry in entries}
        self.includes = self.read_includes()

    def read_includes(self):
        listed = subprocess.run(["ninja", "-C", str(self.build), "-t", "deps"], capture_output=True, text=True)
        includes, current = {}, None
        for line in listed.stdout.split("\n"):
            if line.startswith("    "):
                current.append(line.strip())
            elif ": #deps" in line and line.endswith("(VALID)"):
                current = includes.setdefault(line.split(":")[0], [])
            else:
                current = []
        return includes

    def digest(self, path: str):
        entry = self.commands.get(path)
        output = entry and re.search(r" -o (\S+)", entry["command"])
        includes = output and self.includes.get(output[1])
        if not includes:
            return None
        digest = hashlib.sha256(self.base + entry["command"].encode())
        for name in sorted(includes):
            digest.update(name.encode() + content_of(os.path.normpath(os.path.join(self.build, name))))
        return digest.hexdigest()

    def is_clean(self, digest) -> bool:
        return digest is not None and (self.folder / digest).exists()

    def remember(self, digest):
        if digest is not None:
            (self.folder / digest).touch()


def look_at(known: Known, path: pathlib.Path, name: str):
    digest = known.digest(str(path))
    if known.is_clean(digest):
        return []
    found = run_on([TOOL, "--quiet", "-p", str(known.build), str(path)], name)
    if not found:
        known.remember(digest)
    return found


def check_fixture(house: pathlib.Path, paths):
    return sorted({line for path, name in paths for line in
                   run_on([TOOL, f"--config-file={house / '.clang-tidy'}", "--quiet", str(path), "--", "-std=c++20"], name)})


def check(root: pathlib.Path, fixture: bool = False):
    if not shutil.which(TOOL):
        return [f"{TOOL} is missing: run scripts/install --check"]
    house = pathlib.Path(__file__).resolve().parent.parent.parent
    paths = list(tree.files(root, (".cpp",), fixture))
    if fixture:
        return check_fixture(house, paths)
    # Of the build that knows most about its includes.
    builds = [path for path in house.glob("build/*/.ninja_deps") if (path.parent / "compile_commands.json").is_file()]
    if not builds:
        return ["no build that knows its includes: build first, scripts/build release --with-tests"]
    known = Known(max(builds, key=lambda path: path.stat().st_size).parent, house)
    wanted = None if scope == "all" else changed_names(root)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda each: look_at(known, *each), [(p, n) for p, n in paths if wanted is None or n in wanted])
        return sorted({line for lines in found for line in lines})
