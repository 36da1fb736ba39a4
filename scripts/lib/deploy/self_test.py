"""Breaks a copy of the tree in one way at a time; the check named for it must say so, in the words named for it."""
import pathlib
import shutil
import tempfile

import yaml

from .tree import Tree

COPIED = ("deploy", "helm", "scripts", "tests/deploy", "proto", "libs", "services", "cmake")
SINGLE = ("CMakeLists.txt", "CMakePresets.json", ".dockerignore")


def copy_of(root: pathlib.Path, to: pathlib.Path) -> None:
    for name in COPIED:
        shutil.copytree(root / name, to / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SINGLE:
        shutil.copy(root / name, to / name)


def run(root: pathlib.Path, checks: list, complaints_of) -> int:
    cases = [case for case in yaml.safe_load((root / "tests/deploy/broken.yaml").read_text()) if case["check"] in checks]
    failed = 0
    for name in checks:
        if not any(case["check"] == name for case in cases):
            print(f"self-test {name}: no case in tests/deploy/broken.yaml")
            failed += 1
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        copy_of(root, tree)
        for case in cases:
            verdict = one(tree, case, complaints_of)
            print(f"self-test {case['check']}: {case['broken']}: {verdict or 'fails as it must'}", flush=True)
            failed += bool(verdict)
    return failed


def one(tree: pathlib.Path, case: dict, complaints_of):
    """Nothing if the check complained as it must, else what went wrong."""
    path = tree / case["file"]
    sound = path.read_text()
    if case["find"] not in sound:
        return f"{case['file']} no longer has {case['find']!r}"
    try:
        path.write_text(sound.replace(case["find"], case["put"], case.get("times", 1)))
        found = complaints_of(case["check"], Tree(tree, case.get("values", ["default"])))
    finally:
        path.write_text(sound)
    if not found:
        return "PASSED, BUT MUST FAIL"
    if not any(case["says"] in complaint for complaint in found):
        return f"FAILS FOR ANOTHER REASON: {found[0]}"
    return None
