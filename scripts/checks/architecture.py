"""The pictures of docs/architecture are what the code says, and ARCHITECTURE.md shows each."""
import pathlib

from pictures import drawn


def check(root: pathlib.Path, fixture: bool = False):
    page = root / "ARCHITECTURE.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    complaints = []
    for name, picture in drawn(root).items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != picture:
            complaints.append(f"{name}: picture and code differ, run scripts/architecture and look at it")
        if not fixture and f"({name})" not in text:
            complaints.append(f"ARCHITECTURE.md: does not show {name}")
    return complaints
