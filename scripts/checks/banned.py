"""Calls that only a few named files may make: clocks, sleeps, randomness, environment, raw JSON, throwing."""
import pathlib
import re

from . import tree

# name, pattern, folders or files that may, what to do instead
BANS = [
    ("clock", r"\b(system_clock|utc_clock|high_resolution_clock)::now\(|\bgettimeofday\(|[^_a-z]time\((nullptr|NULL)\)",
     ("libs/service/", "services/city_simulator/", "services/tiltsctl/", "libs/testing/", "tests/"),
     "time is passed in; libs/service reads the clocks"),
    ("sql-now", r"(?i)\bcurrent_timestamp\b|\bclock_timestamp\(\)|\b(select|set|values|default|where|and|=|<|>|,|\()\s*now\(\)",
     ("libs/postgres/platform_schema", "libs/testing/", "tests/"),
     "a rule sees only the time it was given; pass it as a parameter"),
    # The doctor looks twice, a while apart, to tell what is slow from what stands still.
    ("sleep", r"\b(sleep_for|sleep_until|usleep|nanosleep)\(",
     ("libs/testing/", "services/city_simulator/", "services/tiltsctl/app/doctor_command.cpp",
      "tests/e2e/city.cpp", "tests/bench/"),
     "wait for a fact, not for time"),
    ("random", r"\b(std::random_device|std::mt19937|s?rand\()", ("libs/crypto/", "libs/events/testing_middleware", "services/city_simulator/", "tests/"),
     "randomness comes from libs/crypto and is passed in"),
    ("environment", r"\b(secure_)?getenv\(", ("libs/config/", "libs/testing/", "libs/crypto/", "services/tiltsctl/",
                                              "services/city_simulator/", "tests/"),
     "configuration is read by libs/config"),
    ("json", r"\b(MessageToJsonString|JsonStringToMessage)\(", ("libs/wire/", "services/city_simulator/", "tests/fuzz/"), "use libs/wire"),
    ("regex", r"#include <regex>", (), "write the parser; std::regex recurses on outside input"),
    ("throw", r"^\s*throw\b", ("libs/postgres/", "libs/testing/", "tests/"), "return core::Result"),
    ("skip-claims", r"\bDISABLED_", (), "a test runs, or skips with its reason counted"),
]
DOMAIN_BANS = [
    ("domain-clock", r"::now\(", "time is an argument"),
    ("domain-output", r"std::(cout|cerr|clog)\b|printf\(", "domain returns values and logs nothing"),
]


def check(root: pathlib.Path, fixture: bool = False):
    complaints = []
    for path, name in tree.files(root, tree.CODE + (".sql",), fixture):
        for number, line in enumerate(tree.lines(path), 1):
            code = re.split(r"//|^\s*--", line)[0]
            for ban, pattern, allowed, instead in BANS:
                if re.search(pattern, code) and not name.startswith(tuple(allowed) or ("\0",)):
                    complaints.append(f"{name}:{number}: {ban}: {instead}")
            if "/domain/" in name:
                complaints += [f"{name}:{number}: {ban}: {instead}" for ban, pattern, instead in DOMAIN_BANS
                               if re.search(pattern, code)]
    return complaints
