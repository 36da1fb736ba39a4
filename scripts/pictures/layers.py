"""Layers of a directed graph {node: nodes}. What reaches each other lies in one layer."""


def reachable(edges):
    found = {}
    for node in sorted(edges):
        seen, waiting = set(), list(edges[node])
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += edges.get(at, ())
        found[node] = seen
    return found


def ranks(edges):
    """0 for what needs nothing; otherwise one more than the highest that is needed."""
    reach, rank = reachable(edges), {}

    def rank_of(node):
        if node not in rank:
            lower = [other for other in reach[node] if node not in reach[other]]
            rank[node] = 1 + max((rank_of(other) for other in sorted(lower)), default=-1)
        return rank[node]

    for node in sorted(edges):
        rank_of(node)
    return rank


def reduced(edges):
    """Without the edges that a longer way already tells."""
    reach = reachable(edges)
    return {node: {to for to in targets if not any(
        to in reach[other] and node not in reach[other] and other not in reach[to] for other in targets - {to})}
        for node, targets in edges.items()}
