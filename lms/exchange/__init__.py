"""Questions of other systems, in and out: GIFT, Moodle XML, Aiken. What cannot be carried over is said.

A reader (`gift`, `moodle_xml`, `aiken`) turns a file into `Found` questions, `writing` turns each into our Markdown,
`bringing` has our own parser read it again before it counts, and `placing` puts it into a file. A *loss* says of what
did not come along where it stood, what it was and why. On the way out `sending` chooses between `gift_out` and
`moodle_xml_out`.
"""
