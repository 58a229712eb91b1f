"""One line while it is read: a place in characters and, because of tabs, in columns."""

from __future__ import annotations

TAB = 4


class Cursor:
    """A position in a line. `indent` counts columns to the next character that is not blank."""

    __slots__ = ("blank", "column", "indent", "next", "next_column", "number", "offset", "split_tab", "text")

    def __init__(self, text: str, number: int) -> None:
        self.text = text
        self.number = number
        self.offset = 0
        self.column = 0
        self.split_tab = False
        self.look()

    def look(self) -> None:
        """Find the next character that is not a space or tab."""
        place, column, text = self.offset, self.column, self.text
        length = len(text)
        while place < length:
            if text[place] == " ":
                column += 1
            elif text[place] == "\t":
                column += TAB - column % TAB
            else:
                break
            place += 1
        self.next, self.next_column = place, column
        self.indent = column - self.column
        self.blank = place >= length

    def skip(self, columns: int) -> None:
        """Move on by columns, which may end inside a tab."""
        while columns > 0 and self.offset < len(self.text):
            if self.text[self.offset] != "\t":
                self.offset, self.column, columns = self.offset + 1, self.column + 1, columns - 1
                continue
            width = TAB - self.column % TAB
            self.split_tab = width > columns
            step = min(width, columns)
            self.column += step
            columns -= step
            if not self.split_tab:
                self.offset += 1
        self.look()

    def skip_indent(self) -> None:
        """Move to the next character that is not blank."""
        self.offset, self.column, self.split_tab = self.next, self.next_column, False
        self.indent = 0

    def at(self, ahead: int = 0) -> str:
        """The character that many places after the indent, empty beyond the end."""
        place = self.next + ahead
        return self.text[place] if place < len(self.text) else ""

    def rest(self) -> str:
        """What is left of the line, a half-read tab as spaces."""
        if self.split_tab:
            return " " * (TAB - self.column % TAB) + self.text[self.offset + 1 :]
        return self.text[self.offset :]

    def content(self) -> str:
        """What is left of the line after its indent."""
        return self.text[self.next :]
