"""The Dockerfile: a linter's rules, and what no linter knows: sources exist, packages exist, libraries are all there."""
import re
import shlex

from .tree import TOOLS, Tree, run

HOUSE_STAGES = ("build", "pick", "runtime", "tiltsctl", "topics", "service")


def check(tree: Tree):
    linted = run([TOOLS / "venv/bin/hadolint", "--no-color", tree.root / "deploy/Dockerfile"])
    complaints = [line.split("Dockerfile:")[-1] for line in linted.stdout.split("\n") if line]
    complaints += structure(tree) + sources(tree) + packages(tree) + libraries(tree)
    return complaints


def structure(tree: Tree):
    names = [name for _, name, _ in tree.stages]
    complaints = [f"no stage {name}" for name in HOUSE_STAGES if name not in names]
    base = re.search(r"^ARG DEBIAN=(\S+)$", tree.text("deploy/Dockerfile"), re.M)
    if not base or not re.fullmatch(r"debian:12\.\d+-slim(@sha256:[0-9a-f]{64})?", base[1]):
        complaints.append("the base is not a point release of Debian 12")
    if names and names[-1] != "service":
        complaints.append("the last stage, which is built when none is named, is not service")
    by_name = {name: (image, steps) for image, name, steps in tree.stages}
    for name in ("tiltsctl", "topics", "service"):
        image, steps = by_name.get(name, ("", []))
        if image != "runtime":
            complaints.append(f"{name} is not made of runtime")
        if any(word == "USER" for word, _ in steps):
            complaints.append(f"{name} changes the user")
    user = [rest for word, rest in by_name.get("runtime", ("", []))[1] if word == "USER"]
    if user != ["10001:10001"]:
        complaints.append("runtime does not end as user 10001:10001")
    return complaints


def sources(tree: Tree):
    """Every COPY from outside exists and is not kept out by .dockerignore, which starts with nothing."""
    complaints = []
    ignore = tree.text(".dockerignore").split("\n")
    let_in = {line[1:] for line in ignore if line.startswith("!")}
    if "*" not in ignore:
        complaints.append(".dockerignore: lets everything in")
    for _, stage, steps in tree.stages:
        for word, rest in steps:
            if word != "COPY" or "--from=" in rest:
                continue
            for source in shlex.split(rest)[:-1]:
                if not (tree.root / source).exists():
                    complaints.append(f"{stage}: COPY {source}: there is no such file")
                elif not any(source == one or source.startswith(f"{one}/") for one in let_in):
                    complaints.append(f"{stage}: COPY {source}: kept out by .dockerignore")
    return complaints


def runtime_packages(tree: Tree):
    text = " ".join(rest for _, name, steps in tree.stages if name == "runtime" for word, rest in steps if word == "RUN")
    found = re.search(r"apt-get install (.*?)&&", text)
    return [word for word in found[1].split() if not word.startswith("-")] if found else []


def packages(tree: Tree):
    named = set(runtime_packages(tree))
    for block in re.findall(r"^(?:build|run)_packages=\((.*?)\)", tree.text("scripts/install"), re.M | re.S):
        named |= set(block.split())
    if not named:
        return ["no packages found: the check reads the Dockerfile wrongly"]
    shown = run(["apt-cache", "show", "--no-all-versions", *sorted(named)])
    known = set(re.findall(r"^Package: (\S+)", shown.stdout, re.M))
    return [f"Debian has no package {name}" for name in sorted(named - known)]


def libraries(tree: Tree):
    """What the built programs load comes with the named packages; the newest build there is, if any."""
    built = [path for path in (tree.root / "build").glob("*/bin/*")
             if path.name in {f"tilts-{name}" for name in tree.code_services} | {"tiltsctl", "tilts-topics"}]
    named = set(runtime_packages(tree)) | {"libc6", "libgcc-s1", "libstdc++6"}
    needed = {}
    for program in built:
        for line in run(["objdump", "-p", program]).stdout.split("\n"):
            if "NEEDED" in line:
                needed.setdefault(line.split()[-1], program.name)
    paths = dict(re.findall(r"^\s*(\S+) \(libc6,x86-64.*?\) => (\S+)", run(["ldconfig", "-p"]).stdout, re.M))
    complaints = []
    for soname, program in sorted(needed.items()):
        path = paths.get(soname, "")
        owner = run(["dpkg", "-S", *{path, path.removeprefix("/usr"), f"/usr{path}"}]).stdout.split(":")[0]
        if owner not in named:
            complaints.append(f"{program} loads {soname} of package {owner or '(none)'}, which the image lacks")
    return complaints
