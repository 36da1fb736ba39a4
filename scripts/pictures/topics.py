"""Kafka's topics with their events, who writes and who reads each."""
from .svg import Drawing, inks

SIDE, MIDDLE, GAP = 190, 330, 190


def draw(code) -> str:
    drawing, ink = Drawing("Topics: who writes and who reads which events"), inks(code.inside)
    rows = {name: [] for name in code.topics().values()}  # topic -> [(event, writers, readers)]
    for event, (_, topics) in sorted(code.events().items()):
        for topic in topics:
            rows[topic].append((event, code.writers(event), code.readers(event)))
    y, centre, middle = 60, {}, 20 + SIDE + GAP
    for topic, events in rows.items():
        height = drawing.box(middle, y, MIDDLE, topic, [event for event, _, _ in events] or ["no event yet"], not events)
        centre[topic] = y + height / 2
        y += height + 22
    sides = [(20, 1), (middle + MIDDLE + GAP, 2)]
    for x, column in sides:
        of = {name: [topic for topic in rows if any(name in row[column] for row in rows[topic])] for name in code.inside}
        present = sorted((name for name in of if of[name]),
                         key=lambda name: (sum(centre[topic] for topic in of[name]) / len(of[name]), name))
        step = (y - 60) / max(1, len(present))
        for number, name in enumerate(present):
            top = 60 + step * number + step / 2 - 13
            drawing.box(x, top, SIDE, name)
            for topic in of[name]:
                if column == 1:
                    drawing.curve((x + SIDE, top + 13), (middle, centre[topic]), ink[name])
                else:
                    drawing.curve((middle + MIDDLE, centre[topic]), (x, top + 13), ink[name])
    return drawing.render()
