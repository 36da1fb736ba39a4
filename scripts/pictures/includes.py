"""Who includes whom: libraries and the parts of a service, lowest layer below; what a longer way tells is left out."""
from .layers import ranks, reduced
from .svg import Drawing, inks

WIDTH, GAP_X, GAP_Y = 150, 24, 64


def ordered(layers, edges):
    """Nodes of each layer beside what they include, from the bottom up."""
    place = {}
    for layer in layers:
        layer.sort(key=lambda node: (sum(place.get(to, 0) for to in edges[node]) / max(1, len(edges[node])), node))
        for number, node in enumerate(layer):
            place[node] = (number + 0.5) / len(layer)
    return layers


def draw(code) -> str:
    edges = code.include_edges()
    rank, shown = ranks(edges), reduced(edges)
    layers = ordered([sorted(node for node in rank if rank[node] == level) for level in range(max(rank.values()) + 1)], shown)
    widest, place = max(len(layer) for layer in layers), {}
    drawing = Drawing("Includes: who may see whom, lowest layer below")
    for level, layer in enumerate(layers):
        left = 20 + (widest - len(layer)) * (WIDTH + GAP_X) / 2
        for number, node in enumerate(layer):
            at = (left + number * (WIDTH + GAP_X), 60 + (len(layers) - 1 - level) * (26 + GAP_Y))
            drawing.box(*at, WIDTH, node, quiet=not node.startswith("service:"))
            place[node] = at
    ink = inks(edges)
    for node in sorted(shown):
        for to in sorted(shown[node]):
            (x, y), (to_x, to_y) = place[node], place[to]
            if rank[node] == rank[to]:
                forth = x < to_x
                drawing.curve((x + (WIDTH if forth else 0), y + 13), (to_x + (0 if forth else WIDTH), to_y + 13), ink[node])
            else:
                drawing.curve((x + WIDTH / 2, y + 26), (to_x + WIDTH / 2, to_y), ink[node], upright=True)
    return drawing.render()
