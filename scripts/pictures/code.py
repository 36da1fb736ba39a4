"""What the code says of the house: services, topics, events, calls, includes. Nothing here names one of them."""
import pathlib
import re

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
OUTSIDE = "city_simulator"  # plays the world around the house and links nothing of it


def without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)//[^\n]*", r"\1", text)


class Code:
    """Names of services are those of their folders."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        self.sources = {}  # name below the tree -> text without comments
        for area in ("libs", "services"):
            for path in sorted((root / area).rglob("*.?pp")):
                if path.suffix in (".cpp", ".hpp"):
                    self.sources[str(path.relative_to(root))] = without_comments(path.read_text(encoding="utf-8"))
        self.protos = {str(path.relative_to(root / "proto")): without_comments(path.read_text(encoding="utf-8"))
                       for path in sorted((root / "proto").rglob("*.proto"))}
        self.services = sorted(path.parent.name for path in (root / "services").glob("*/main.cpp"))
        self.inside = [name for name in self.services if name != OUTSIDE]
        self.files = {name: self._closure(name) for name in self.inside}

    def own(self, service: str):
        return [name for name in self.sources if name.startswith(f"services/{service}/")]

    def _closure(self, service: str):
        """Every file that becomes part of the program: its own, the headers they include and what stands beside these."""
        waiting, seen = list(self.own(service)), set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name.endswith(".hpp") and name[:-3] + "cpp" in self.sources:
                waiting.append(name[:-3] + "cpp")
            for header in INCLUDE.findall(self.sources[name]):
                waiting += [f"{area}/{header}" for area in ("libs", "services") if f"{area}/{header}" in self.sources]
        return sorted(seen)

    # Stores and doors

    def sections(self, service: str):
        """Sections of the configuration that the service demands."""
        found = set()
        for name in self.own(service):
            for words in re.findall(r"(?:\bsections\s*=\s*|config::Require\([^{;]*)\{([^}]*)\}", self.sources[name]):
                found |= set(re.findall(r'"(\w+)"', words))
        return found

    # Topics and events

    def topics(self):
        """Constant of the contract -> name, in the contract's order."""
        text = "".join(self.protos.values())
        return dict(re.findall(r'(TOPIC_\w+)\s*=\s*\d+\s*\[\(options\.v1\.topic\)\s*=\s*\{name: "([^"]+)"', text))

    def events(self):
        """Event -> (qualified name "facts::v1::X", topics it may travel on)."""
        names, found = self.topics(), {}
        for text in self.protos.values():
            package = re.search(r"package tilts\.([\w.]+);", text)
            for event, option in re.findall(r"message (\w+) \{\s*option \(options\.v1\.event\) = \{([^}]*)\}", text):
                found[event] = (package.group(1).replace(".", "::"),
                                [names[topic] for topic in re.findall(r"TOPIC_\w+", option)])
        return found

    def writers(self, event: str):
        """Services with a file that makes the event: declares one and sets its fields, or asks a library for one."""
        makes = re.compile(rf"v1::{event} (\w+);(?:(?!\n}}).)*?\b\1\.(?:set_|mutable_|add_)", re.DOTALL)
        gives = re.compile(rf"v1::{event} (\w+)\(")
        makers = {name for name, text in self.sources.items() if makes.search(text)}
        helpers = {function for name in makers if name.startswith("libs/") for function in gives.findall(self.sources[name])}
        askers = {name for name, text in self.sources.items() if name not in makers and name.endswith(".cpp") and
                  any(re.search(rf"\b{function}\(", text) for function in helpers)}
        wanted = {name for name in makers if name.startswith("services/")} | askers
        return [service for service in self.inside if wanted & set(self.files[service])]

    def readers(self, event: str):
        takes = re.compile(rf"(?:On|Follow|Is)<[\w:]*v1::{event}>|const [\w:]*v1::{event}&")
        return [service for service in self.inside if any(takes.search(self.sources[name]) for name in self.own(service))]

    # Calls

    def methods(self):
        """Full service name -> {method: has an HTTP binding}."""
        found = {}
        for text in self.protos.values():
            package = re.search(r"package ([\w.]+);", text)
            for service, body in re.findall(r"^service (\w+) \{(.*?)^\}", text, re.DOTALL | re.MULTILINE):
                rpcs = re.split(r"\brpc ", body)[1:]
                found[f"{package.group(1)}.{service}"] = {
                    rpc.split("(")[0].strip(): "google.api.http" in rpc for rpc in rpcs}
        return found

    def calls(self):
        """(caller, full service name) -> methods called by name."""
        call = re.compile(r'\b(?:Call|Ask)(?:<[\w:]+>)?\(([^;]*?)"(tilts\.[\w.]+)/(\w+)"')
        constant = re.compile(r'\b(k\w+)(?:\[\])?\s*=\s*"(tilts\.[\w.]+)/(\w+)"')
        made = {}  # file -> {(service, method)}
        for name, text in self.sources.items():
            found = {(service, method) for _, service, method in call.findall(text)}
            found |= {(service, method) for used, service, method in constant.findall(text) if used.endswith(("Method", used[1:]))
                      and re.search(rf"\b(?:Call|Ask)[\w:<>\s]*\([^;]*\b{used}\b", text)}
            made[name] = found
        table = {}
        for caller in self.inside:
            for name in self.files[caller]:
                for service, method in made.get(name, ()):
                    table.setdefault((caller, service), set()).add(method)
        return table

    def owners(self):
        """Full service name -> folders of the services that bind it; those of every process are left out."""
        found = {}
        calls = re.compile(r'\b(?:Call|Ask)(?:<[\w:]+>)?\([^;]*?"tilts\.[\w.]+/\w+"')
        for full in self.methods():
            for service in self.inside:
                texts = [self.sources[name] for name in self.own(service)]
                if any("Bind" in text and f'"{full}/' in calls.sub("", text) for text in texts):
                    found.setdefault(full, []).append(service)
        return found

    # Includes

    def include_edges(self):
        """Part -> parts it includes: "core", "services/*/domain"."""
        def part(name):
            words = name.split("/")
            if words[0] == "libs":
                return words[1]
            return f"service: {words[2]}" if len(words) > 3 else "service: main"
        edges = {}
        for name, text in self.sources.items():
            if name.startswith(f"services/{OUTSIDE}/"):
                continue
            mine = edges.setdefault(part(name), set())
            for header in INCLUDE.findall(text):
                for area in ("libs", "services"):
                    if f"{area}/{header}" in self.sources:
                        mine.add(part(f"{area}/{header}"))
            mine.discard(part(name))
        return edges
