"""A how-to page as steps: what it says to write, to edit and to run is taken from the page, never from here."""
import dataclasses
import pathlib
import re

MARK = re.compile(r"^<!-- (new|edit|run|once|says)(?: ([^ ]+))? -->$")
ROW = re.compile(r"^\| `([^`]+)` \| (new|edited) \|")


@dataclasses.dataclass
class Step:
    kind: str  # new: a file; edit: lines of a file; run: commands; once: commands that build; says: lines of the output
    target: str
    body: str


@dataclasses.dataclass
class Page:
    files: dict  # path -> "new" or "edited"
    steps: list


def read(path: pathlib.Path) -> Page:
    files, steps, mark, body = {}, [], None, None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if body is not None:
            if line == "```":
                steps.append(Step(mark.group(1), mark.group(2) or "", "\n".join(body) + "\n"))
                mark, body = None, None
            else:
                body.append(line)
        elif mark is not None and line.startswith("```"):
            body = []
        elif MARK.match(line):
            mark = MARK.match(line)
        elif ROW.match(line):
            files[ROW.match(line).group(1)] = ROW.match(line).group(2)
    return Page(files, steps)


def edited(text: str, change: str) -> str:
    """`change` is a diff without headers: its context and removed lines must stand in the text once. A line "…" parts
    two places of one file."""
    for part in re.split(r"(?m)^…\n", change):
        lines = part.rstrip("\n").split("\n")
        before = "".join(line[1:] + "\n" for line in lines if not line.startswith("+"))
        after = "".join(line[1:] + "\n" for line in lines if not line.startswith("-"))
        if ("\n" + text).count("\n" + before) != 1:
            raise ValueError(f"these lines stand {text.count(before)} times in the file, not once:\n{before}")
        text = ("\n" + text).replace("\n" + before, "\n" + after)[1:]
    return text
