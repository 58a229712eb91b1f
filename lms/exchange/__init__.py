"""Questions of other systems, in and out: GIFT, Moodle XML, Aiken. What cannot be carried over is said."""
