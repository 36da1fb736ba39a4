"""What scripts/deploy-check runs: each check gives a list of complaints; none is green."""
import argparse
import pathlib
import sys
import time

from . import agreement, chart, compose, contracts_match, dockerfile, examples, network, self_test
from .tree import Tree

CHECKS = {
    "dockerfile": dockerfile.check,
    "compose": compose.check,
    "chart": chart.check,
    "values-schema": chart.check_refusals,
    "services": agreement.check_services,
    "ports": agreement.check_ports,
    "probes": agreement.check_probes,
    "config": contracts_match.check_config,
    "topics": contracts_match.check_topics,
    "calls": network.check_calls,
    "network": network.check_policies,
    "secrets": agreement.check_secrets,
    "schemas": agreement.check_schemas,
    "examples": examples.check,
}


def complaints_of(name: str, tree: Tree) -> list:
    try:
        return list(CHECKS[name](tree))
    except Exception as error:  # a check that cannot be made is not a green one
        return [f"{type(error).__name__}: {error}"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/deploy-check")
    parser.add_argument("--only", action="append", choices=sorted(CHECKS))
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(CHECKS))
        return 0
    root = pathlib.Path(__file__).resolve().parents[3]
    started = time.monotonic()
    if options.self_test:
        failed = self_test.run(root, options.only or list(CHECKS), complaints_of)
    else:
        tree, failed = Tree(root), 0
        for name in options.only or CHECKS:
            found = complaints_of(name, tree)
            for complaint in found:
                print(f"{name}: {complaint}")
            print(f"deploy-check {name}: {'ok' if not found else f'{len(found)} complaints'}", flush=True)
            failed += bool(found)
    print(f"deploy-check: {'ok' if not failed else f'{failed} failed'} in {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
