"""How large everything is set: the root's text size follows the stage.

Style sheets measure in rem and canvases draw in sixteenths of it (canvas/js/parts/sizes.js), so
that text, controls, charts and their marks grow together, and what fits at 1280 x 720 fits at
1920 x 1080. `100%` is the reader's own setting, below which nothing falls.
"""

# Pages: 16 pixels up to 1280 x 720, 20 at 1920 x 1080.
PAGES_CSS = """
html:root { font-size: clamp(100%, min(50% + 0.625vw, 50% + 1.1111vh), 300%); }
.stMainBlockContainer { padding-inline: clamp(1rem, 2.5vw, 4rem); }
"""

# A lesson on a projector: the layout of 1280 x 720, enlarged as a whole.
STAGE_CSS = """
html:root:root { font-size: clamp(100%, min(1.25vw, 2.2222vh), 400%); }
"""
