"""Curves stay apart for readers who do not see red or green: distances of the palette, simulated and measured.

Simulation: Machado, Oliveira & Fernandes, "A physiologically-based model for simulation of color vision
deficiency", IEEE TVCG 15(6), 2009, severity 1.0. Distance: CIE 1976 ΔE in L*a*b*, D65.
"""

import re
from itertools import combinations

import numpy as np
import pytest

from pigeon_lessons.front_end import FRONT
from pigeon_lessons.pictures.style import CROSS, GHOST, PINS, TRAIN, VAL
from tests.colors import contrast, linear

CURVES = {"train": TRAIN, "val": VAL, **{f"pin-{slot}": style for slot, style in enumerate(PINS)}}

SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
}
NOTICEABLE = 10  # ΔE; 2.3 is one just noticeable difference
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color, sight):
    seen = np.clip(SIGHT[sight] @ linear(color), 0, 1)
    ratios = XYZ @ seen / (XYZ @ np.ones(3))
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(first, second, sight):
    return np.linalg.norm(lab(first, sight) - lab(second, sight))


@pytest.mark.parametrize("sight", SIGHT)
def test_every_two_curves_differ_in_color_or_in_dash_for_every_reader(sight):
    for (one, first), (other, second) in combinations({**CURVES, "ghost": GHOST}.items(), 2):
        apart = distance(first["color"], second["color"], sight)
        assert apart > NOTICEABLE or first.get("linestyle", "-") != second.get("linestyle", "-"), (one, other, apart)


@pytest.mark.parametrize("sight", SIGHT)
def test_training_and_validation_differ_in_color_from_each_other_and_from_every_pin(sight):
    for one in ("train", "val"):
        for other in CURVES.keys() - {one}:
            assert distance(CURVES[one]["color"], CURVES[other]["color"], sight) > NOTICEABLE, (one, other)


def test_the_simulation_would_notice_red_and_green_that_look_alike():
    assert distance("#b05020", "#806c20", "usual") > 2 * NOTICEABLE > 2 * distance("#b05020", "#806c20", "deuteranopia")


def test_no_two_pinned_runs_share_a_dash():
    assert len({str(style["linestyle"]) for style in PINS}) == 6


def test_the_front_end_draws_in_the_colors_of_python():
    css = (FRONT / "chart.css").read_text()
    light = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6})", css))
    wanted = {**CURVES, "ghost": GHOST, "cross": CROSS}
    assert {name: light[name] for name in wanted} == {name: one["color"].lower() for name, one in wanted.items()}


@pytest.mark.parametrize("name", CURVES)
def test_every_curve_stands_out_from_the_white_behind_it(name):
    assert contrast(CURVES[name]["color"], "white") > 3


def test_the_run_before_stands_out_too():
    assert contrast(GHOST["color"], "white") > 3
