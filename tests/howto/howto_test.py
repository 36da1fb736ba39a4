#!/usr/bin/env python3
"""Does what a how-to page says on a copy of the tree, and compares: exactly the files of its table changed, every command
ended well and said what the page promises, and with --compile the house's
checks still pass.

usage: howto_test.py --tree SOURCE --build BUILD_FOLDER [--compile] PAGE

Without --compile nothing is built: programs come from BUILD_FOLDER and read the copy's data files (TILTS_TREE).
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

import page as pages

RULES = ("length", "includes", "banned", "hygiene", "architecture")


def run(command, folder, environment=None, check=True):
    made = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if check and made.returncode:
        sys.exit(f"{command} ended with {made.returncode}:\n{made.stdout[-6000:]}")
    return made.stdout


def fresh_copy(tree: pathlib.Path, copy: pathlib.Path):
    """Only files that differ are written, so that the copy's own build stays incremental."""
    wanted = {name for name in run(["git", "ls-files", "-co", "--exclude-standard"], tree).split("\n") if (tree / name).is_file()}
    for name in wanted:
        source, target = tree / name, copy / name
        if not (target.is_file() and target.read_bytes() == source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    if (copy / ".git").is_dir():
        for name in run(["git", "ls-files", "-co", "--exclude-standard"], copy).split("\n"):
            if name and name not in wanted:
                (copy / name).unlink(missing_ok=True)
        shutil.rmtree(copy / ".git")
    run(["git", "init", "-q"], copy)
    run(["git", "add", "-A"], copy)
    run(["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "--no-verify", "-m", "before"], copy)


def changed_files(copy: pathlib.Path):
    lines = run(["git", "status", "--porcelain", "--untracked-files=all"], copy).split("\n")
    return {line[3:]: "new" if line.startswith("??") else "edited" for line in lines if line}


def environment_of(copy: pathlib.Path, compiles: bool):
    environment = dict(os.environ, CCACHE_BASEDIR=str(copy), CCACHE_NOHASHDIR="1")
    environment.pop("TILTS_GOLDEN", None)
    if not compiles:
        environment["TILTS_TREE"] = str(copy)
    return environment


def prepare(copy: pathlib.Path, build: pathlib.Path, compiles: bool):
    """A run's configuration as scripts/up makes it; without compiling also the built programs under the pages' name."""
    if not compiles:
        (copy / "build").mkdir(exist_ok=True)
        (copy / "build/release").unlink(missing_ok=True)
        (copy / "build/release").symlink_to(build)
    run([sys.executable, "scripts/lib/configure.py", "--root", str(copy), "--run", str(copy / "run"), "--base", "17000"], copy)


def carry_out(step, copy: pathlib.Path, environment, output: str) -> str:
    target = copy / step.target
    if step.kind == "new":
        if target.exists():
            sys.exit(f"{step.target} is there already")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(step.body, encoding="utf-8")
    elif step.kind == "edit":
        try:
            target.write_text(pages.edited(target.read_text(encoding="utf-8"), step.body), encoding="utf-8")
        except (ValueError, FileNotFoundError) as error:
            sys.exit(f"{step.target}: {error}")
    elif step.kind in ("run", "once"):
        output = run(["bash", "-euo", "pipefail", "-c", step.body], copy, environment)
        print(step.body + output[-2000:], flush=True)
    else:
        missing = [line for line in step.body.strip().split("\n") if line.strip() not in output]
        if missing:
            sys.exit(f"the page promises {missing}, but the command said:\n{output[-6000:]}")
    return output


def check_house(changed, copy: pathlib.Path):
    code = [name for name in changed if name.endswith((".cpp", ".hpp"))]
    run(["clang-format-16", f"--style=file:{copy / '.clang-format'}", "--dry-run", "-Werror", *code], copy)
    run(["scripts/check", *(word for rule in RULES for word in ("--rule", rule))], copy)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("page")
    arguments = parser.parse_args()
    page = pages.read(arguments.tree / "docs/howto" / f"{arguments.page}.md")
    if not page.files or not any(step.kind == "says" for step in page.steps):
        sys.exit("a page needs a table of files and a promise of what is said")
    copy = arguments.build / "howto" / ("compiled" if arguments.compile else arguments.page)
    copy.mkdir(parents=True, exist_ok=True)
    fresh_copy(arguments.tree, copy)
    prepare(copy, arguments.build, arguments.compile)
    environment, output = environment_of(copy, arguments.compile), ""
    for step in page.steps:
        if step.kind != "once" or arguments.compile:
            output = carry_out(step, copy, environment, output)
    changed = changed_files(copy)
    if changed != page.files:
        sys.exit(f"changed: {sorted(changed.items())}\nlisted:  {sorted(page.files.items())}")
    if arguments.compile:
        check_house(changed, copy)
    print(f"{arguments.page}: {len(changed)} files, as listed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
