"""Who calls whom by gRPC, with the stores of each service."""
from .code import OUTSIDE
from .layers import ranks
from .svg import Drawing, inks

STORES = (("postgres", "PostgreSQL"), ("redis", "Redis"), ("kafka", "Kafka"), ("http", "HTTP"))
WIDTH, GAP_X, GAP_Y = 190, 130, 34


def edges_of(code):
    """Caller -> {callee: methods}. A door with HTTP forwards every method that has a binding."""
    owners, methods, table = code.owners(), code.methods(), {name: {} for name in code.inside}
    for (caller, full), called in code.calls().items():
        for owner in owners.get(full, []):
            if owner != caller:
                table[caller].setdefault(owner, set()).update(called)
    for door in (name for name in code.inside if "http" in code.sections(name)):
        for full, each in methods.items():
            for owner in owners.get(full, []):
                bound = {method for method, has_binding in each.items() if has_binding}
                if bound and owner != door:
                    table[door].setdefault(owner, set()).update({f"{len(bound)} of {full.split('.')[-1]}"})
    return table


def of_every_service(code):
    """Caller -> methods of contracts that no single service owns: every process has them."""
    owners, table = code.owners(), {}
    for (caller, full), called in code.calls().items():
        if full not in owners:
            table.setdefault(caller, set()).update(called)
    return table


def draw(code) -> str:
    edges = edges_of(code)
    rank = ranks({name: set(to) for name, to in edges.items()})
    highest = max(rank.values(), default=0)
    columns = [sorted(name for name in rank if rank[name] == highest - column) for column in range(highest + 1)]
    ink, drawing, place = inks(code.inside), Drawing("Calls: who asks whom by gRPC"), {}
    tallest = max(len(column) for column in columns)
    for number, column in enumerate(columns):
        top = 60 + (tallest - len(column)) * (41 + GAP_Y) / 2
        for row, name in enumerate(column):
            at = (20 + number * (WIDTH + GAP_X), top + row * (41 + GAP_Y))
            stores = [words for key, words in STORES if key in code.sections(name)]
            drawing.box(*at, WIDTH, name, [" · ".join(stores) or "no store"])
            place[name] = at
    for caller in sorted(edges):
        for callee in sorted(edges[caller]):
            (x, y), (to_x, to_y) = place[caller], place[callee]
            shift = 8 + 26 * sorted(name for name in edges if callee in edges[name]).index(caller) / max(1, len(edges) - 1)
            drawing.curve((x + WIDTH, y + 20), (to_x, to_y + shift), ink[caller])
    y = 60 + tallest * (41 + GAP_Y) + 20
    for caller in sorted(edges):
        for callee in sorted(edges[caller]):
            drawing.text(20, y, f"{caller} → {callee}: {', '.join(sorted(edges[caller][callee]))}", "small")
            y += 17
    for caller, called in sorted(of_every_service(code).items()):
        drawing.text(20, y, f"{caller} → every service: {', '.join(sorted(called))}", "small")
        y += 17
    if OUTSIDE in code.services:
        drawing.text(20, y, f"{OUTSIDE} stands outside and calls like any client", "small")
    return drawing.render()
