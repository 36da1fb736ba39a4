"""Every patch of tests/mutants applies, says what it does and names tests that exist; whether they turn red is shown by
scripts/mutants."""
import pathlib
import re
import subprocess

TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
FIELD = re.compile(r"^(guard|build|test): *(.+)$", re.MULTILINE)


def complaint_of(patch: pathlib.Path, root: pathlib.Path, known):
    fields = dict(FIELD.findall(patch.read_text().partition("\n---")[0]))
    if len(fields) < 3:
        return "must begin with the lines guard:, build: and test:"
    tried = subprocess.run(["patch", "-p1", "--forward", "--dry-run", "--silent", "-d", str(root), "-i", str(patch)],
                           capture_output=True)
    if tried.returncode:
        return "does not apply any more"
    for test in fields["test"].partition("--gtest_filter=")[2].split(":"):
        if "*" not in test and test not in known:
            return f"there is no test {test or 'named'}"
    return None


def check(root: pathlib.Path, fixture: bool = False):
    sources = "".join(path.read_text() for path in sorted((root / "tests").rglob("*_test.cpp")))
    known = {f"{suite}.{name}" for suite, name in TEST.findall(sources)}
    complaints = []
    for patch in sorted((root / "tests/mutants").glob("*.patch")):
        complaint = complaint_of(patch, root, known)
        if complaint:
            complaints.append(f"{patch.relative_to(root)}: {complaint}")
    return complaints
