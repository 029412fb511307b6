"""Figures: a History, a table of trials or some Digits, drawn with matplotlib and put into words.

Every plot function returns a `Picture`: a figure and what is to be seen in it, in words, that displays itself. With
`ax=` it draws on Axes that are there. Nothing here trains a network or touches pyplot, so no figure
outlives its picture.
"""
