"""Mermaid's flowcharts, as far as our pages use them, drawn without its scripts."""

from __future__ import annotations

import re

from drawn import Arrow, Box, plan

_BOX = re.compile(r'^\s*(?P<key>\w+)(?P<shape>\[|\(\[)"(?P<text>[^"]*)"(?:\]|\]\))$')
_LINE = re.compile(r"^\s*(?P<one>\w+) (?P<kind>-\.-|---|-->)(?:\|[^|]*\|)? (?P<other>\w+)$")


def picture(text: str) -> str:
    """The flowchart *text* as SVG.

    Raises:
        ValueError: a line of it is none that we know.
    """
    first, *lines = [line for line in text.splitlines() if line.strip()]
    if first.strip() != "flowchart LR":
        raise ValueError(f"only flowcharts from left to right are drawn: {first}")
    boxes, arrows = list[Box](), list[Arrow]()
    for line in lines:
        if box := _BOX.match(line):
            kind = "table" if box["shape"] == "[" else "open"
            boxes.append(Box(box["key"], tuple(box["text"].replace("#quot;", '"').split("<br>")), kind))
        elif arrow := _LINE.match(line):
            arrows.append(Arrow(arrow["one"], arrow["other"], arrow["kind"] == "-.-", arrow["kind"] == "-->"))
        else:
            raise ValueError(f"a line of a flowchart that is not known: {line}")
    told = f"{len(boxes)} boxes and {len(arrows)} lines; the page below says the same in words."
    return plan("How the tables and views lean on each other", told, boxes, arrows)
