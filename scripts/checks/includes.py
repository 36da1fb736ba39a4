"""Who may include whom. The table is the house's; a new edge is a decision, made here and in ARCHITECTURE.md."""
import pathlib
import re

from . import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')

# library -> libraries it may include
LIBS = {
    "core": set(),
    "calendar": {"core"},
    "crypto": {"core"},
    "standard_webhooks": {"core", "crypto"},
    "audit_chain": {"core", "crypto"},
    "wire": {"core"},
    "log": {"core", "config"},
    "metrics": {"core"},
    "config": {"core", "wire"},
    "events": {"core", "wire", "crypto", "log", "metrics"},
    "kafka": {"core", "wire", "events", "log", "metrics", "config"},
    "postgres": {"core", "wire", "events", "log", "metrics", "config", "crypto"},
    "redis": {"core", "log", "metrics", "config"},
    "http": {"core", "log", "metrics"},
    "auth": {"core", "wire", "crypto", "events", "log", "metrics", "rpc"},  # implements rpc's Gatekeeper and Credentials
    "rpc": {"core", "wire", "auth", "log", "metrics", "crypto"},
    "service": {"core", "wire", "auth", "log", "metrics", "config", "rpc", "http", "events", "kafka", "postgres", "crypto"},
}
# third-party header -> the only folders that may include it
THIRD_PARTY = {
    r"^pqxx/": ("libs/postgres",),
    r"^librdkafka/": ("libs/kafka", "services/city_simulator", "tests"),
    r"^hiredis/": ("libs/redis",),
    r"^(curl/|boost/)": ("libs/http", "services/city_simulator", "tests/fuzz"),
    r"^(civetweb\.h|CivetServer\.h)": ("services/city_simulator", "tests"),
    r"^openssl/": ("libs/crypto", "libs/standard_webhooks", "services/city_simulator"),
    r"^prometheus/": ("libs/metrics",),
    r"^(grpcpp/|grpc/)": ("libs/rpc", "services/city_simulator", "tests"),
    r"^google/protobuf/util/": ("libs/wire", "libs/events", "services/city_simulator", "tests/fuzz"),
    r"^date/": ("libs/calendar",),
}
# Third-party headers that domain/ may see; everything else there is std, core or calendar.
DOMAIN_THIRD_PARTY = re.compile(r"^(tl/expected\.hpp|absl/strings/)")


def own_part(name: str):
    parts = name.split("/")
    return (parts[0], parts[1]) if len(parts) > 2 and parts[0] in ("libs", "services") else (parts[0], "")


def complaint_for(name: str, header: str):
    area, part = own_part(name)
    top = header.split("/")[0]
    for pattern, folders in THIRD_PARTY.items():
        if re.match(pattern, header) and not name.startswith(tuple(f + "/" for f in folders)):
            return f"includes {header}, which only {', '.join(folders)} may"
    if area == "libs" and part in LIBS and top in LIBS and top != part and top not in LIBS[part]:
        return f"libs/{part} may not include {header}"
    if area == "libs" and "/" in header and header.split("/")[0] not in LIBS and (header.split("/")[1:2] or [""])[0] in (
            "domain", "app", "adapters"):
        return f"a library includes a service: {header}"
    if area == "services" and (header.split("/")[1:2] or [""])[0] in ("domain", "app", "adapters") and top != part:
        return f"services share only contracts, not {header}"
    if area == "services" and part == "city_simulator" and top in LIBS:
        return f"the simulator is the outside world and links nothing of ours but contracts: {header}"
    if name.startswith(f"services/{part}/domain/"):
        inside = top in ("core", "calendar") or header.startswith(f"{part}/domain/")
        standard = "/" not in header and not header.endswith((".h", ".hpp"))
        if not inside and not standard and not DOMAIN_THIRD_PARTY.match(header):
            return f"domain/ sees only std, core and calendar, not {header}"
    return None


def check(root: pathlib.Path, fixture: bool = False):
    complaints = []
    for path, name in tree.files(root, tree.CODE, fixture):
        for number, line in enumerate(tree.lines(path), 1):
            match = INCLUDE.match(line)
            found = complaint_for(name, match.group(1)) if match else None
            if found:
                complaints.append(f"{name}:{number}: {found}")
    return complaints
