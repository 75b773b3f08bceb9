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

# Until a page's picture stands, its room says what is loading; it is higher than the window, so
# that what comes below is not seen to move. Then it is as high as the picture.
ROOM_HEIGHT = 1200  # pixels
LOADING_CSS = """
[class*="st-key-room-"] { position: relative; }
[class*="st-key-room-"][data-filled], :has(> [class*="st-key-room-"][data-filled]) {
  height: auto !important;
  flex: 0 0 auto !important;
  overflow: visible !important;
}
[class*="st-key-room-"]:not([data-filled])::before {
  content: "Loading the model’s weights…";
  position: absolute;
  inset: 3rem 0 auto 0;
  height: calc(100vh - 11rem);
  display: grid;
  place-items: center;
  border-radius: 0.5rem;
  font-size: 1.0625rem;
  background: linear-gradient(100deg, rgb(128 128 128 / 8%) 40%, rgb(128 128 128 / 16%) 50%,
    rgb(128 128 128 / 8%) 60%) 0 0 / 300% 100%;
  animation: room-shimmer 2.4s linear infinite;
}
@keyframes room-shimmer { from { background-position: 100% 0; } to { background-position: 0 0; } }
@media (prefers-reduced-motion: reduce) {
  [class*="st-key-room-"]:not([data-filled])::before { animation: none; }
}
"""

# A lesson on a projector: the layout of 1280 x 720, enlarged as a whole.
STAGE_CSS = """
html:root:root { font-size: clamp(100%, min(1.25vw, 2.2222vh), 400%); }
"""
