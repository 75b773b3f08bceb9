"""Colours of the ten classes, the same in Python and in the browser.

Discrete, never a continuous scale: a class is a name, not an amount. The hues follow Paul Tol's
"bright" and "muted" qualitative schemes (Tol 2021, SRON/EPS/TN/09-002), made to be told apart with
the common colour-vision deficiencies; ten are more than colour alone can carry, so pictures also
write each class's numeral at its median.
"""

CLASS_COLOURS = (
    "#4477AA",  # 0 blue
    "#EE6677",  # 1 red
    "#228833",  # 2 green
    "#CCBB44",  # 3 yellow
    "#66CCEE",  # 4 cyan
    "#AA3377",  # 5 purple
    "#EE8833",  # 6 orange
    "#44AA99",  # 7 teal
    "#8877CC",  # 8 violet
    "#997755",  # 9 brown
)
