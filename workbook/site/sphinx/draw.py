"""Draws Mermaid's diagrams: a JSON list of texts comes in, one of SVGs goes out.

Runs in the environment of the site. A name of its own for the inside of each picture is not needed:
a page shows it as an image.
"""

import json
import sys

import mermaidx

CONFIG = {
    "fontFamily": "Arial, 'Liberation Sans', Helvetica, sans-serif",
    "deterministicIds": True,
    "handDrawnSeed": 1,
    "themeVariables": {"fontSize": "16px"},
}
"""A font that is as wide on the reader's machine as where the boxes were measured; and a seed, for
some shapes are drawn by chance."""

if __name__ == "__main__":
    made = mermaidx.render_many(json.load(sys.stdin), workers=1, theme="neutral", config=CONFIG)
    json.dump([each.svg() for each in made], sys.stdout)
