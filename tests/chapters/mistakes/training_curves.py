"""Wrong answers to the exercises of chapter 04, each with a phrase of the message that it must get."""

AVERAGE = """
def answer(values, window):
    return [{item} for i in range({start}, len(values))]
"""
RIGHT = {"A": "too large", "B": "dead", "C": "no zero_grad", "D": "sorted", "E": "too small", "F": "healthy"}

MISTAKES = {
    "undo": [
        ("answer = 0.0155 / 32", "You divided once more"),
        ("answer = 0.0155", "as reported"),
        ("answer = 0.0155 * 1024", "Undo that one step"),
        ("answer = '0.496'", "should be a number"),
    ],
    "windows": [
        ("answer = (256, 256)", "counts iterations, not images"),
        ("answer = (4, 32)", "in the wrong order"),
        ("answer = (8, 64)", "the batch sizes"),
        ("answer = (16, 2)", "window × batch size should be 256"),
        ("answer = 32", "two numbers in brackets"),
        ("answer = ('32', '4')", "should be a number"),
    ],
    "average": [
        (AVERAGE.format(item="sum(values[max(0, i - window + 1):i + 1]) / window", start=0), "At the start you divide"),
        (AVERAGE.format(item="sum(values[i:i + window]) / len(values[i:i + window])", start=0), "looks ahead"),
        (AVERAGE.format(item="sum(values[i - window + 1:i + 1]) / window", start="window - 1"),
         "Four values go in"),
        (AVERAGE.format(item="sum(values[i - window + 1:i + 1]) / window", start=0), "Begin at max(0, …)"),
        (AVERAGE.format(item="None", start=0), "Each item of the list should be a number"),
        (AVERAGE.format(item="sum(values[:i + 1]) / (i + 1)", start=0), "should be [4, 3, 1, 0]"),
        (AVERAGE.format(item="(values[max(0, i - 1)] + values[i]) / 2", start=0), "For 3, [3, 6, 9, 12]"),
        ("def answer(values, window):\n    return sum(values) / window", "should return a list"),
        ("answer = [4, 3, 1, 0]", "should be a function"),
    ],
    "gallery": [
        (f"answer = {RIGHT | {'A': 'healthy', 'F': 'too large'}}", "4 of 6 are right. A is not 'healthy'"),
        (f"answer = {RIGHT | {'B': 'no zero_grad', 'C': 'dead'}}", "swings up higher and higher"),
        (f"answer = {RIGHT | {'A': 'dead'}}", "'dead' stands there more than once"),
        (f"answer = {RIGHT | {'A': 'ill'}}", "A: 'ill' is not one of the causes"),
        ("answer = {'A': 'healthy'}", "a dictionary with the six letters"),
    ],
}
