"""clang-tidy-16 with the tree's .clang-tidy; on changed files by default, on everything in scripts/test --full."""
import concurrent.futures
import os
import pathlib
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


def check(root: pathlib.Path, fixture: bool = False):
    if not shutil.which(TOOL):
        return [f"{TOOL} is missing: run scripts/install --check"]
    house = pathlib.Path(__file__).resolve().parent.parent.parent
    paths = [(p, n) for p, n in tree.files(root, (".cpp",), fixture)]
    if fixture:
        commands = [([TOOL, f"--config-file={house / '.clang-tidy'}", "--quiet", str(p), "--", "-std=c++20"], n) for p, n in paths]
    else:
        builds = sorted(house.glob("build/*/compile_commands.json"), key=lambda p: p.stat().st_mtime)
        if not builds:
            return ["no compile_commands.json: configure first, cmake --preset release"]
        wanted = None if scope == "all" else changed_names(root)
        commands = [([TOOL, "--quiet", "-p", str(builds[-1].parent), str(p)], n) for p, n in paths
                    if wanted is None or n in wanted]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda command: run_on(*command), commands)
    return sorted({line for lines in found for line in lines})
