"""A toy monitor in two releases, with one planted defect. See "Plug in yours" in the README."""

import json

RELEASES = ["1.0", "2.0"]


class Machine:
    def __init__(self, release, memory, uptime):
        self.release = release
        self.memory = memory
        self.uptime = uptime  # seconds that the guest has run

    @staticmethod
    def boot(release, memory):
        return Machine(release, memory, 1)

    def freeze(self):
        """The saved state."""
        if self.release == "1.0":
            return json.dumps({"memory": self.memory, "uptime": self.uptime}).encode()
        # 2.0 counts in milliseconds.
        return json.dumps({"memory": self.memory, "uptime_ms": self.uptime * 1000}).encode()

    @staticmethod
    def thaw(release, state):
        """A machine of a saved state; ValueError when it is none."""
        fields = json.loads(state)
        if not isinstance(fields, dict) or "memory" not in fields:
            raise ValueError("the state has no memory")
        uptime = fields.get("uptime", 0)
        if release == "2.0" and "uptime_ms" in fields:
            uptime = fields["uptime_ms"] // 1000
        return Machine(release, fields["memory"], uptime)
