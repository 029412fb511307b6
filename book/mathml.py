"""Formulas as MathML, which browsers lay out themselves: no script, no font, nothing to load."""

import re

from docutils.nodes import SkipNode
from latex2mathml.converter import convert


def setup(app):
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def as_mathml(latex, display):
    r"""Return LaTeX as a MathML element; `display` is "inline" or "block".

    >>> as_mathml(r"\text{drop\_last}", "inline")[-38:]
    '<mtext>drop_last</mtext></mrow></math>'
    """
    return re.sub(r"\\_", "_", convert(latex, display=display))


def _visit_inline(self, node):
    self.body.append(as_mathml(node.astext(), "inline"))
    raise SkipNode


def _visit_block(self, node):
    self.body.append(f'<div class="formula" tabindex="0">{as_mathml(node.astext(), "block")}</div>')
    raise SkipNode
