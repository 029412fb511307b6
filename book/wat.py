"""WebAssembly from its text, as far as book/live/kernel.wat goes: one imported memory, exported functions that give
nothing back, folded instructions, and loops. What else there is in the language is a KeyError.

Source: WebAssembly Core Specification 2.0, W3C, chapters 5 (binary format) and 6 (text format).
"""

import re
import struct

TYPES = {"i32": 0x7F, "f32": 0x7D, "v128": 0x7B}
PLAIN = {"i32.lt_u": "49", "i32.add": "6a", "i32.mul": "6c",
         "f32x4.splat": "fd13", "f32x4.add": "fde401", "f32x4.sub": "fde501", "f32x4.mul": "fde601"}
AT_ADDRESS = {"i32.load": "2802", "v128.load": "fd0004", "v128.store": "fd0b04", "v128.load32_splat": "fd0902"}
"""Instructions with their alignment, as a power of two; what follows it is the offset."""
LOCAL = {"local.get": 0x20, "local.set": 0x21}


def assemble(text):
    """Return the binary module of a text.

    >>> assemble("(module (import \\"page\\" \\"memory\\" (memory 1)))")[:8]
    b'\\x00asm\\x01\\x00\\x00\\x00'
    """
    (_, (_, module, name, (_, pages)), *functions), = _parsed(text)
    heads = [_head(function) for function in functions]
    kinds = [b"\x60" + _row([bytes([kind]) for kind in params.values()]) + b"\0" for _, params, _, _ in heads]
    sections = {
        1: kinds,
        2: [_name(module) + _name(name) + b"\x02\x00" + _number(int(pages))],
        3: [_number(index) for index in range(len(heads))],
        7: [_name(name) + b"\0" + _number(index) for index, (name, *_) in enumerate(heads)],
        10: [_sized(_code(*head[1:])) for head in heads],
    }
    return b"\0asm\1\0\0\0" + b"".join(bytes([kind]) + _sized(_row(rows)) for kind, rows in sections.items())


def _parsed(text):
    """Return the text as nested lists of words."""
    stack = [[]]
    for word in re.findall(r"[()]|[^\s()]+", re.sub(r";;.*", "", text)):
        if word == "(":
            stack.append([])
        elif word == ")":
            stack[-2].append(stack.pop())
        else:
            stack[-1].append(word.strip('"'))
    return stack[0]


def _head(function):
    """Return (name, parameters, locals, instructions) of a function; the middle two are name → type."""
    _, (_, name), *rest = function
    params, variables = ({one[1]: TYPES[one[2]] for one in rest if one[0] == kind} for kind in ("param", "local"))
    return name, params, variables, [one for one in rest if one[0] not in ("param", "local")]


def _code(params, variables, body):
    places = {name: _number(index) for index, name in enumerate([*params, *variables])}
    told = _row([b"\1" + bytes([kind]) for kind in variables.values()])
    return told + b"".join(_instruction(one, places, ()) for one in body) + b"\x0b"


def _instruction(folded, places, loops):
    """Return one instruction after all that it takes; `loops` are the names of those around it, the nearest first."""
    what, *rest = folded
    given = [one for one in rest if isinstance(one, str)]
    if what == "loop":
        loops = (given[0], *loops)
    taken = b"".join(_instruction(one, places, loops) for one in rest if not isinstance(one, str))
    if what == "loop":
        return b"\x03\x40" + taken + b"\x0b"
    if what == "br_if":
        return taken + b"\x0d" + _number(loops.index(given[0]))
    if what in LOCAL:
        return taken + bytes([LOCAL[what]]) + places[given[0]]
    if what == "i32.const":
        return b"\x41" + _number(int(given[0]), signed=True)
    if what == "f32.const":
        return b"\x43" + struct.pack("<f", float(given[0]))
    if what in AT_ADDRESS:
        offset = int(given[0].removeprefix("offset=")) if given else 0
        return taken + bytes.fromhex(AT_ADDRESS[what]) + _number(offset)
    return taken + bytes.fromhex(PLAIN[what])


def _number(value, *, signed=False):
    """Return a number from 0 up in LEB128."""
    written = bytearray()
    while value > (0x3F if signed else 0x7F):
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def _sized(content):
    return _number(len(content)) + content


def _name(text):
    return _sized(text.encode())


def _row(parts):
    return _number(len(parts)) + b"".join(parts)
